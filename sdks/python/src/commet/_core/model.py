"""Owns results: what a JSON object of the API becomes.

Does not check values against their annotations: a server may be newer than this package.
Always: keys inside free-form maps (``metadata``) and inside fields this version does not know stay as sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, TypeVar

from .names import snake_case

Built = TypeVar("Built", bound="Model")


class Model(Mapping[str, Any]):
    """A result. Fields are attributes and keys alike: ``customer.id`` and ``customer['id']``.

    Read-only. Fields a newer server adds are there too, under their snake_case names.
    """

    _models: ClassVar[Mapping[str, type[Model]]] = {}
    """Wire names of the fields that hold a model, or a list of them."""

    @classmethod
    def from_wire(cls: type[Built], fields: Mapping[str, Any]) -> Built:
        model = cls.__new__(cls)
        for name, value in fields.items():
            nested = cls._models.get(name)
            model.__dict__[snake_case(name)] = value if nested is None else read(nested, value)
        return model

    def to_dict(self) -> dict[str, Any]:
        """The fields as plain dicts and lists, under their snake_case names."""
        return {name: _plain(value) for name, value in self.__dict__.items()}

    if not TYPE_CHECKING:  # a typo must stay an error to a type checker

        def __getattr__(self, name: str) -> Any:
            # Asked only for what the answer did not hold: a field declared here may be absent in another API version.
            if any(name in getattr(kind, "__annotations__", {}) for kind in _kinds(self)):
                return None
            raise AttributeError(f"{type(self).__name__} has no field {name!r}")

    def __getitem__(self, name: str) -> Any:
        return self.__dict__[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.__dict__)

    def __len__(self) -> int:
        return len(self.__dict__)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self.__dict__ == other.__dict__

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items())
        return f"{type(self).__name__}({fields})"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is read-only; to change it, call update")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is read-only")


def _kinds(model: Model) -> list[type[Model]]:
    return [kind for kind in type(model).__mro__ if kind is not Model and issubclass(kind, Model)]


def read(model: type[Model], value: Any) -> Any:
    """A JSON object becomes ``model``, a list a list of it; anything else stays what it is."""
    if isinstance(value, dict):
        return model.from_wire(value)
    if isinstance(value, list):
        return [read(model, item) for item in value]
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.to_dict()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
