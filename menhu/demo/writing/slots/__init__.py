"""How the slots of a text are filled; importing the package registers them."""

from menhu.demo.writing.slots import matters, people, places, times

__all__ = ["matters", "people", "places", "times"]
