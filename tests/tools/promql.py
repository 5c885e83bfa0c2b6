"""What a query of PromQL asks for. Enough to hold rules and dashboards to the programs; whether it is PromQL at all says promtool."""

import re

_WORDS = {"by", "without", "on", "ignoring", "group_left", "group_right", "and", "or", "unless", "bool", "offset", "inf", "nan", "atan2"}
_GROUPING = re.compile(r"\b(by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)")
_SELECTOR = re.compile(r"([A-Za-z_:][\w:]*)?\s*\{([^{}]*)\}")
_DASHBOARD_VARIABLES = {"$__rate_interval": "5m", "$__range": "1d", "$__interval": "1m", "$namespace": ".*", "$service": "mediation"}


def of_dashboard(expression):
    """A query as Grafana sends it, with its variables filled in."""
    for name, value in _DASHBOARD_VARIABLES.items():
        expression = expression.replace(name, value)
    return expression


def uses(expression):
    """(names of metrics, [(metric, label of its selector)], labels of groupings)."""
    text = re.sub(r"#.*", "", expression)
    strings = re.sub(r'"(?:[^"\\]|\\.)*"', '""', text)
    groupings = {label.strip() for _, labels in _GROUPING.findall(strings) for label in labels.split(",") if label.strip()}
    bare = _GROUPING.sub(" ", strings)
    selected = [(metric, label) for metric, matchers in _SELECTOR.findall(bare) for label in re.findall(r"(\w+)\s*[!=~]+", matchers)]
    bare = re.sub(r"\{[^{}]*\}|\[[^\]]*\]|\boffset\s+\w+", " ", bare)
    names = {name for name, call in re.findall(r"(?<![\w.:])([A-Za-z_:][\w:]*)(\s*\()?", bare) if not call and name.lower() not in _WORDS}
    return names, selected, groupings
