"""Requests for government information (依申请公开): 政府信息公开条例 §27–40, on the engine of cases."""
