"""The metrics there are, one file each (指标目录)."""

from xinqiao.analytics.rules import Metric
from xinqiao.kit.registry import Registry

METRICS: Registry[Metric] = Registry("metric", "xinqiao.analytics.metrics")
