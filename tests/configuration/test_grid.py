from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experimaestro.configuration.base import ConfigurationBase, configuration
from experimaestro.configuration.errors import ConfigurationError
from experimaestro.configuration.reader import read
from experimaestro.configuration.tree import ConfigurationTree, MappingNode
from experimaestro.core.annotations import Param, field
from experimaestro.core.config import Config, Task
from experimaestro.experiments.axes import grid_of
from experimaestro.experiments.grid import GridError, GridSearch, generate_grid, grid_size
from experimaestro.structuring import structure, unstructure


class Optimizer(Config):
    lr: Param[float] = field(default=0.1)
    steps: Param[int] = field(default=1)


class Train(Task):
    __xpmid__ = "tests.grid.train"
    steps: Param[int]


class Report(Config):
    train: Param[Train]


@configuration
class Model:
    dim: int = 1
    rates: GridSearch[list[float]] = [0.5]  # noqa: RUF012  # copied for each object
    names: dict[str, int] = {}  # noqa: RUF012  # copied for each object
    folder: Path = Path("/data")


@configuration
class Learn(ConfigurationBase):
    seed: GridSearch[int] = 3
    rate: GridSearch[float] = 0.1
    model: Model = Model()
    models: list[Model] = []  # noqa: RUF012  # copied for each object
    optimizer: Optimizer | None = None
    extra: Model | None = None
    report: Report | None = None
    folder: GridSearch[Path] = Path("/data")


def tree_of(text: str) -> ConfigurationTree:
    root = read(f"id: x\n{text}", "a.yaml")
    assert isinstance(root, MappingNode)
    return ConfigurationTree(Path("a.yaml"), root)


def learn(text: str) -> Learn:
    return structure(tree_of(text), Learn)


def tags_of(text: str) -> list[dict[str, Any]]:  # Any: values of all types
    return generate_grid(learn(text))[1]


def test_a_value_that_is_alone_is_the_value() -> None:
    assert (learn("").seed, learn("seed: 4").seed) == (3, 4)


@pytest.mark.parametrize(
    ("form", "values"),
    [
        ("[1, 2]", [1, 2]),
        ("{value: 7}", [7]),
        ("{values_list: [5, 6]}", [5, 6]),
        ("{values_range: [0, 4, 2]}", [0, 2]),
        ("{range: [0, 3]}", [0, 1, 2]),
        ("{values_mult: [1, 3, 10]}", [1, 10, 100]),
        ("{range_mult: [2, 2, 2]}", [2, 4]),
    ],
)
def test_each_form_is_a_list_of_values(form: str, values: list[int]) -> None:
    assert [cfg.seed for cfg in generate_grid(learn(f"seed: {form}"))[0]] == values
    assert [cfg.seed for cfg in generate_grid(learn(f"grid_search: {{seed: {form}}}"))[0]] == values


def test_all_combinations_are_made_and_tagged_by_what_varies() -> None:
    configurations, tags = generate_grid(learn("seed: [1, 2]\nrate: [0.5]\ngrid_search: {model.dim: [1, 3]}"))
    assert [(cfg.seed, cfg.rate, cfg.model.dim) for cfg in configurations] == [
        *((1, 0.5, 1), (1, 0.5, 3)),
        *((2, 0.5, 1), (2, 0.5, 3)),
    ]
    assert tags == [{"seed": seed, "model.dim": dim} for seed in (1, 2) for dim in (1, 3)]


def test_without_values_to_try_there_is_one_copy() -> None:
    cfg = learn("")
    [copy], tags = generate_grid(cfg)
    assert (copy, tags) == (cfg, [{}])
    copy.model.names["a"] = 1
    assert cfg.model.names == {}


def test_coupled_parameters_vary_together() -> None:
    text = "grid_search:\n  model.dim: [1, 2]\n  config_dicts: [{seed: 1, rate: 0.5}, {seed: 2, rate: 0.25}]\n"
    assert tags_of(text) == [
        {"model.dim": 1, "seed": 1, "rate": 0.5},
        {"model.dim": 1, "seed": 2, "rate": 0.25},
        {"model.dim": 2, "seed": 1, "rate": 0.5},
        {"model.dim": 2, "seed": 2, "rate": 0.25},
    ]


def test_parameters_in_lists_and_configurations_are_reached() -> None:
    text = "models: [{dim: 1}]\noptimizer: {lr: 1}\ngrid_search: {models.0.dim: [5], optimizer.steps: [1, 2]}"
    configurations, tags = generate_grid(learn(text))
    assert [cfg.models[0].dim for cfg in configurations] == [5, 5]
    assert [cfg.optimizer for cfg in configurations] == [Optimizer.C(lr=1.0, steps=1), Optimizer.C(lr=1.0, steps=2)]
    assert tags == [{"optimizer.steps": 1}, {"optimizer.steps": 2}]


def test_a_parameter_inside_may_be_searched_where_it_stands() -> None:
    assert tags_of("model: {rates: [[0.5], [0.25, 0.125]]}") == [{"model.rates": [0.5]}, {"model.rates": [0.25, 0.125]}]


def test_a_relative_path_is_beside_the_file_that_wrote_it(tmp_path: Path) -> None:
    text = "id: x\nfolder: [a]\ngrid_search:\n  model.folder: [a, ../b, /c]\n  config_dicts: [{extra: {folder: d}}]\n"
    root = read(text, "conf/a.yaml")
    assert isinstance(root, MappingNode)
    cfg = structure(ConfigurationTree(Path("conf/a.yaml"), root, tmp_path), Learn)
    configurations, tags = generate_grid(cfg)
    assert [made.model.folder for made in configurations] == [tmp_path / "conf" / "a", tmp_path / "b", Path("/c")]
    assert {made.folder for made in configurations} == {tmp_path / "conf" / "a"}
    assert {made.extra.folder for made in configurations if made.extra} == {tmp_path / "conf" / "d"}
    assert [tag["model.folder"] for tag in tags] == [made.model.folder for made in configurations]


def test_values_to_try_are_plain_values_in_a_file_again() -> None:
    grid = unstructure(learn("grid_search: {model.dim: [1, 2], model.folder: [a]}"))["grid_search"]  # type: ignore[index,call-overload]  # JSON
    assert grid == {"model.dim": [1, 2], "model.folder": ["a"]}
    assert type(grid["model.folder"][0]) is str  # type: ignore[index,call-overload]  # JSON


def test_values_are_of_the_type_of_the_parameter() -> None:
    assert [type(cfg.rate) for cfg in generate_grid(learn("grid_search: {rate: [1, 2]}"))[0]] == [float, float]


def test_the_results_have_no_grid() -> None:
    assert [cfg.grid_search for cfg in generate_grid(learn("grid_search: {seed: [1, 2]}"))[0]] == [None, None]


def test_combinations_may_be_excluded() -> None:
    text = "seed: [1, 2, 3]\ngrid_search: {model.dim: [1, 2], exclude: [{seed: [2, 3], model.dim: 2}]}"
    assert [(tags["seed"], tags["model.dim"]) for tags in tags_of(text)] == [(1, 1), (1, 2), (2, 1), (3, 1)]
    assert grid_size(learn(text)) == 4


def test_a_function_may_choose_the_combinations() -> None:
    configurations, tags = generate_grid(learn("seed: [1, 2, 3]"), where=lambda cfg: cfg.seed != 2)
    assert [cfg.seed for cfg in configurations] == [tag["seed"] for tag in tags] == [1, 3]


def test_a_grid_too_large_to_build_has_a_size() -> None:
    cfg = learn("seed: {range: [0, 100000]}\nrate: {range: [0, 100000]}\ngrid_search: {model.dim: [1, 2]}")
    assert grid_size(cfg) == 2 * 10**10
    with pytest.raises(GridError, match="found 20,000,000,000 combinations, expected at most 1,000,000"):
        generate_grid(cfg)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("seed: {foo: 1}", "a.yaml:2:7: seed: found a mapping of foo, expected one of value, values_list, values_range, range, values_mult, range_mult"),
        ("seed: {vale: 1}", "a.yaml:2:7: seed: found a mapping of vale, expected one of value, values_list, values_range, range, values_mult, range_mult; did you mean 'value'?"),
        ("seed: []", "a.yaml:2:7: seed: found no value to try, expected at least one"),
        ("seed: [1, a]", "a.yaml:2:11: seed.1: found 'a', expected int"),
        ("seed: {range: [1, a]}", "a.yaml:2:7: seed: expected [start, stop] or [start, stop, step], integers; stop is left out"),
        ("seed: {range: [0, 10000000]}", "a.yaml:2:7: seed: found 10,000,000 values to try, expected 1 to 1,000,000"),
        ("seed: {values_mult: [1, 2]}", "a.yaml:2:7: seed: expected [start, count, factor]: a number, how many values, a number"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_parameter_is_told_with_its_place(text: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        learn(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("model.dmi: [1]", "a.yaml:3:3: grid_search.model.dmi: no such parameter in Model; did you mean 'model.dim'?"),
        ("mdl.dmi: [1]", "a.yaml:3:3: grid_search.mdl.dmi: no such parameter in Learn; did you mean 'model.dim'?"),
        ("mdl.zzz: [1]", "a.yaml:3:3: grid_search.mdl.zzz: no such parameter in Learn; did you mean 'model'?"),
        ("extra.dim: [1]", "a.yaml:3:3: grid_search.extra.dim: no such parameter in null"),
        ("report.train: [{steps: 1}]", "a.yaml:3:18: grid_search.report.train.0: found a task, which only the plan can submit: leave this out, and set it in the plan"),
        ("model.dim: [a]", "a.yaml:3:15: grid_search.model.dim.0: found 'a', expected int"),
        ("model.dim: {foo: 1}", "a.yaml:3:14: grid_search.model.dim: found a mapping of foo, expected one of value, values_list, values_range, range, values_mult, range_mult"),
        ("config_dicts: {seed: 1}", "a.yaml:3:17: grid_search.config_dicts: found a mapping, expected a list of mappings (path: value)"),
        ("config_dicts: [{seed: 1}, {rate: 1}]", "a.yaml:3:29: grid_search.config_dicts.1: expected the keys of the first mapping (seed)"),
        ("{seed: [1], config_dicts: [{seed: 2}]}", "a.yaml:3:31: grid_search.config_dicts.0.seed: has values to try elsewhere too"),
        ("{seed: [1], exclude: [{sead: 1}]}", "a.yaml:3:26: grid_search.exclude.0.sead: has no values to try; did you mean 'seed'?"),
        ("{seed: [1], exclude: [{seed: 2}]}", "a.yaml:3:32: grid_search.exclude.0.seed: found 2, expected one of the values to try, or a list of them"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_grid_is_told_with_its_place(text: str, message: str) -> None:
    tree = tree_of(f"grid_search:\n  {text}\nreport: {{}}")
    with pytest.raises(GridError) as caught:
        grid_of(structure(tree, Learn), tree)
    assert str(caught.value) == message


def test_a_mistake_of_a_grid_made_by_a_program_is_a_value_error() -> None:
    with pytest.raises(ValueError, match=r"^grid_search\.model\.foo: no such parameter in Model"):
        generate_grid(Learn(id="x", grid_search={"model.foo": [1]}))


def test_values_to_try_go_back_to_the_file() -> None:
    cls = attrs.make_class("Holder", {"field": attrs.field(type=GridSearch[int])})
    root = read("field: {range: [0, 3]}", "a.yaml")
    assert isinstance(root, MappingNode)
    assert unstructure(structure(ConfigurationTree(Path("a.yaml"), root), cls)) == {"field": [0, 1, 2]}


VALUES = st.lists(st.integers(0, 5), min_size=1, max_size=4, unique=True)


@given(seeds=VALUES, dims=VALUES, excluded=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=4))
def test_the_grid_is_the_product_without_what_is_excluded(
    seeds: list[int], dims: list[int], excluded: list[tuple[int, int]]
) -> None:
    known = [pair for pair in excluded if pair[0] in seeds and pair[1] in dims]
    exclude = [{"seed": seed, "model.dim": dim} for seed, dim in known]
    cfg = learn(f"seed: {seeds}\ngrid_search: {json.dumps({'model.dim': dims, 'exclude': exclude})}")
    expected = [pair for pair in itertools.product(seeds, dims) if pair not in known]
    assert [(made.seed, made.model.dim) for made in generate_grid(cfg)[0]] == expected
    assert grid_size(cfg) == len(expected)
