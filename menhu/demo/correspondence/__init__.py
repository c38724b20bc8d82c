"""Letters and requests of the county's people, as plain texts: the same for the same seed."""

from menhu.demo.correspondence.letters import letters
from menhu.demo.correspondence.requests import requests
from menhu.demo.correspondence.texts import LetterText, RatingText, RequestText, SenderText

__all__ = ["LetterText", "RatingText", "RequestText", "SenderText", "letters", "requests"]
