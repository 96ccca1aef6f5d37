"""Tags and filters that pages use (模板标签): {% load ui %}."""

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import localize
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe

from xinqiao.portals.ui import wording
from xinqiao.portals.ui.assets import get_asset
from xinqiao.portals.ui.icons import PATHS
from xinqiao.portals.ui.sparks import draw_spark

register = template.Library()

register.filter("mask_name", wording.mask_name)
register.filter("mask_phone", wording.mask_phone)
register.filter("age", wording.word_age)
register.filter("day", wording.word_day)
register.filter("moment", wording.word_moment)
register.filter("spoken", wording.word_spoken)


@register.simple_tag
def asset(name):
    """Return the address of a built file (前端产物): {% asset "staff.js" %}."""
    return static(get_asset(name))


@register.simple_tag
def icon(name, size=""):
    """Draw one icon of ours, silent for screen readers (图标): {% icon "phone" %}, {% icon "phone" "large" %}."""
    large = " icon-large" if size == "large" else ""
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>', large, PATHS[name]
    )


@register.simple_tag
def level(value):
    """Show a level by colour, icon and word together (级别): {% level "L1" %}."""
    found = wording.get_level(value)
    return format_html(
        '<span class="level level-{}">{}{}</span>', found.number, icon(found.icon), str(found.word)
    )


@register.simple_tag(takes_context=True)
def ago(context, value):
    """Show a moment relative to `now` of the context, the absolute one on hover (相对时间)."""
    if not value:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        timezone.localtime(value).isoformat(timespec="minutes"),
        wording.word_moment(value),
        wording.word_distance(value, context["now"]),
    )


@register.simple_tag
def measure(value, unit="", reference="", is_over=False):
    """Show a value with unit and reference range, smaller (数值): {% measure "132/84" "mmHg" "目标 <135/85" %}."""
    if value in (None, ""):
        return mark_safe('<span class="measure quiet">—</span>')
    return format_html(
        '<span class="measure{}"><b>{}</b>{}{}</span>',
        " over" if is_over else "",
        value,
        format_html("<small>{}</small>", unit) if unit else "",
        format_html("<small>{}</small>", reference) if reference else "",
    )


@register.simple_tag
def cells(rows):
    """Draw the rows of a chart's table, of which there may be thousands: no template walks them (表格行)."""
    drawn = (
        "".join(f"<td>{escape('—' if cell is None else localize(cell))}</td>" for cell in row) for row in rows
    )
    return mark_safe("".join(f"<tr>{row}</tr>" for row in drawn))  # noqa: S308 every cell is escaped


@register.inclusion_tag("ui/parts.html#spark")
def spark(values, low=None, high=None, wide=False, label=""):
    """Draw a small trend with its reference band (迷你趋势图): {% spark row.trend high=135 label="收缩压" %}."""
    width, height = (240, 44) if wide else (72, 20)
    drawn = draw_spark(values or [], low=low, high=high, width=width, height=height)
    return {"spark": drawn, "wide": wide, "label": label}
