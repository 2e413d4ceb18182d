"""The few icons of Jalon, drawn on a grid of 24 with one stroke. A word always stands beside an icon."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

DRAWINGS = {
    "check": '<path d="M4.5 12.5l5 5 10-11"/>',
    "cross": '<path d="M6 6l12 12M18 6L6 18"/>',
    "back": '<path d="M14.5 5l-7 7 7 7"/>',
    "next": '<path d="M9.5 5l7 7-7 7"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v6M12 7.2v.6"/>',
    "warning": '<path d="M12 3.5l9.5 17h-19z"/><path d="M12 10v5M12 17.6v.4"/>',
    "lock": '<rect x="5" y="10.5" width="14" height="10" rx="2"/><path d="M8 10.5V7.5a4 4 0 018 0v3"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5.3l3.5 2"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="M15.5 15.5l5 5"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4 20.5c1-4.6 4-6.5 8-6.5s7 1.9 8 6.5"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "stake": '<path d="M12 2.5v13M9.8 2.5h4.4v4H9.8zM9.8 10.5h4.4V15L12 18.5 9.8 15z"/>'
    '<path d="M3 20c3-2 6-2 9 0s6 2 9 0"/>',
    "book": '<path d="M12 6.5C9.5 4.7 6.5 4.5 3.5 5v13.5c3-.5 6-.3 8.5 1.5'
    ' 2.5-1.8 5.5-2 8.5-1.5V5c-3-.5-6-.3-8.5 1.5zM12 6.5V20"/>',
    "question": '<circle cx="12" cy="12" r="9"/>'
    '<path d="M9.3 9.5a2.7 2.7 0 115 1.4c-.8 1.1-2.3 1.5-2.3 3.1M12 16.9v.4"/>',
    "pen": '<path d="M4 20l1-4.5L16.5 4l3.5 3.5L8.5 19zM14 6.5l3.5 3.5"/>',
    "download": '<path d="M12 4v11M7 10.5l5 5 5-5M4.5 20h15"/>',
    "seal": '<circle cx="12" cy="9.5" r="6"/><path d="M9 9.5l2.2 2.2 4-4.2M8.5 14.8L7 21l5-2.5L17 21l-1.5-6.2"/>',
    "dot": '<circle cx="12" cy="12" r="5"/>',
}


def icon(name: str) -> SafeString:
    """Return the drawing, hidden from screen readers: the word beside it says the same."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        SafeString(DRAWINGS[name]),
    )
