"""Who wrote and who signed: the county's accounts as the archive and the work in progress need them."""

from dataclasses import dataclass

from menhu.accounts.models import User
from menhu.units.enums import Side
from menhu.units.models import Post, Unit


@dataclass
class Staff:
    """Accounts by username, and the unit and post under which each signs."""

    accounts: dict[str, User]
    posts: dict[int, str]

    @classmethod
    def of_the_county(cls) -> "Staff":
        posts = {post.user_id: str(post) for post in Post.objects.select_related("unit")}
        return cls(accounts={user.username: user for user in User.objects.all()}, posts=posts)

    def editor(self, unit: Unit) -> User:
        return self.accounts[f"{unit.slug}-editor"]

    def head(self, unit: Unit) -> User:
        return self.accounts[f"{unit.slug}-head"]

    def office(self, unit: Unit) -> User:
        return self.accounts["xwb" if unit.side == Side.PARTY else "zfb"]

    def secrecy(self) -> User:
        return self.accounts["bmj"]

    def reviewer(self, step: str, unit: Unit) -> tuple[User, str]:
        """Who signs a step of the unit's texts, and as what."""
        person = {"head": self.head, "office": self.office}.get(step, lambda _: self.secrecy())(unit)
        return person, self.posts[person.pk]
