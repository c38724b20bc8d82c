"""The figures of every kind that has any; importing the package registers them and the slots they use."""

from menhu.demo.writing import slots
from menhu.demo.writing.figures import data, money, nature, people, portrait, reviews, work
from menhu.demo.writing.figures.tables import FACTS

__all__ = ["FACTS", "data", "money", "nature", "people", "portrait", "reviews", "slots", "work"]
