"""Building the county in an empty database: organisation, people, sites, archive, work in progress.

What a person does in daily work goes through the apps' actions; the archive of two years is written in bulk, since a
hundred thousand approvals one by one would take hours.
"""
