"""The error codes of the plugin: one for each kind of mistake in a plan."""

from __future__ import annotations

from typing import Final

from mypy.errorcodes import ARG_TYPE, CALL_ARG, OVERRIDE, ErrorCode

CATEGORY: Final = "Experimaestro"


def _code(name: str, description: str, parent: ErrorCode | None = None) -> ErrorCode:
    return ErrorCode(f"xpm-{name}", description, CATEGORY, sub_code_of=parent)


MISSING_PARAM: Final = _code("missing-param", "Check that each required parameter has a value", CALL_ARG)
UNKNOWN_PARAM: Final = _code("unknown-param", "Check that keywords name parameters", CALL_ARG)
CONSTANT: Final = _code("constant", "Check that constants have a value, and that nobody sets them")
PARAM_TYPE: Final = _code("param-type", "Check that values have the type of their parameter", ARG_TYPE)
UNSUBMITTED: Final = _code("unsubmitted", "Check that tasks are submitted before others use them")
SEALED: Final = _code("sealed", "Check that nothing changes a configuration after its submission")
RESUBMIT: Final = _code("resubmit", "Check that a task is submitted once")
PHASE: Final = _code("phase", "Check that configurations and instances are used as what they are")
READ_BEFORE_RUN: Final = _code("read-before-run", "Check that results are read after the wait for them")
VALUE_CALL: Final = _code("value-call", "Check that plans build configurations, not instances")
TASK_OUTPUTS: Final = _code("task-outputs", "Check that task_outputs marks what it returns")
EXECUTE: Final = _code("execute", "Check the definition of execute", OVERRIDE)
INIT_TASK: Final = _code("init-task", "Check that initialization tasks are tasks", ARG_TYPE)
LAUNCHER: Final = _code("launcher", "Check the requirements given to find_launcher")
COPYCONFIG: Final = _code("copyconfig", "Check the values given to copyconfig", CALL_ARG)
COMPOSITION: Final = _code("composition", "Check that @ finds one parameter to fill")
UNHASHABLE: Final = _code("unhashable", "Check that sets and keys hold sealed configurations")
CYCLE: Final = _code("cycle", "Check that no configuration contains itself")
CHOICES: Final = _code("choices", "Check that values are among the choices of their parameter", ARG_TYPE)
DUPLICATE_ID: Final = _code("duplicate-id", "Check that no two classes have the same identifier")
FIELD: Final = _code("field", "Check what field() says of a parameter")
OVERRIDES: Final = _code("override", "Check that parameters declared again say so, with a type that fits")
PARAM_KIND: Final = _code("param-kind", "Check that parameters have types with an identifier")
PATH: Final = _code("path", "Check generated paths")
PARTIAL: Final = _code("partial", "Check partial identifiers")
VALUE_CLASS: Final = _code("value-class", "Check the classes of instances")
CONVERT: Final = _code("convert", "Check that deprecated configurations convert themselves")
WATCH: Final = _code("watch", "Check what watches dynamic outputs")
RUN: Final = _code("run", "Check the signature of run(helper, cfg)")
YAML: Final = _code("yaml", "Check YAML files against their configuration class")
YAML_PATH: Final = _code("yaml-path", "Check that the files and modules named in YAML exist")
GRID: Final = _code("grid", "Check the values of grid searches, and overrides of the command line")
TRANSIENT: Final = _code("transient", "Check that transient results have a use")

ALL: Final = {
    code.code: code for code in list(vars().values()) if isinstance(code, ErrorCode) and code.category == CATEGORY
}
"""The codes by name."""
