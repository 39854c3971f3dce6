"""Configurations built or used wrongly."""

from __future__ import annotations

from experimaestro import Config, Meta, Param, copyconfig, field, tag


class Layer(Config):
    size: Param[int]


class Model(Config):
    layers: Param[list[Layer]]
    first: Param[Layer | None] = field(default=None)
    rate: Param[float] = field(default=0.1)
    log: Meta[str] = field(default="log")


Model.C()  # mypy: call-arg; pyright: reportCallIssue
Model.C(layers=[], layer=1)  # mypy: call-arg; pyright: reportCallIssue
Model.C(layers=3)  # mypy: arg-type; pyright: reportArgumentType
Model.C(layers=[3])  # mypy: list-item; pyright: reportArgumentType
Model.C(layers=[Model.C(layers=[])])  # mypy: list-item; pyright: reportArgumentType
Model.C(layers=[], rate="0.1")  # mypy: arg-type; pyright: reportArgumentType
Model.C(layers=[], log=3)  # mypy: arg-type; pyright: reportArgumentType
Model.C(layers=[], rate=tag("0.1"))  # mypy: arg-type; pyright: reportArgumentType
Model.C([])  # mypy: call-arg; pyright: reportCallIssue
Layer.C(size=None)  # mypy: arg-type; pyright: reportArgumentType

model = Model.C(layers=[])
model.rate = "0.1"  # mypy: assignment; pyright: reportAttributeAccessIssue
model.rates = 0.1  # mypy: attr-defined; pyright: reportAttributeAccessIssue
print(model.first.size)  # mypy: union-attr; pyright: reportOptionalMemberAccess
model.tag(3, "value")  # mypy: arg-type; pyright: reportArgumentType
model.submit()  # mypy: attr-defined; pyright: reportAttributeAccessIssue
model.instance("out")  # mypy: arg-type; pyright: reportArgumentType
print(model @ 3)  # mypy: operator; pyright: reportOperatorIssue
copied: Layer = copyconfig(model)  # mypy: assignment; pyright: reportAssignmentType
