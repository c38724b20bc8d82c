"""The figures of every kind that has any; importing the package registers them."""

from menhu.demo.writing.figures import data, money, nature, people, work
from menhu.demo.writing.figures.tables import FACTS

__all__ = ["FACTS", "data", "money", "nature", "people", "work"]
