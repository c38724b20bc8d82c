"""Masking: how the time for finding personal data grows from half a text to a whole one, by its worst material."""

import json
import os
import sys
import time

WORST = ("1", "1-", "0571-", "a.", "a@b.", "我叫叶", "我叫叶知秋", "3栋", "12-", "\n叶知秋", "微信：")


def seconds(part: str, length: int) -> float:
    from menhu.core.personal import find

    text, best = (part * length)[:length], float("inf")
    for _ in range(3):
        started = time.process_time()
        find(text, names=["叶知秋"], allowed=["叶知"])
        best = min(best, time.process_time() - started)
    return best


def main(scale: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    length = int(scale)
    whole = {part: seconds(part, length) for part in WORST}
    growth = {part: taken / seconds(part, length // 2) for part, taken in whole.items()}
    figures = {
        f"slowest text of {length:,} characters, s": round(max(whole.values()), 2),
        "twice the text, times the time (2 is linear)": round(max(growth.values()), 2),
    }
    sys.stdout.write("\n" + json.dumps(figures, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
