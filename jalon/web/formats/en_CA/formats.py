"""Dates, times and numbers of Canadian English: March 21, 2025, 3:19 p.m., 12,345.5.

Source: Unicode CLDR, locale en-CA, long date and short time, checked November 2026.
"""

DATE_FORMAT = "F\xa0j,\xa0Y"
TIME_FORMAT = "g:i\xa0a"
DATETIME_FORMAT = "F\xa0j,\xa0Y, g:i\xa0a"
YEAR_MONTH_FORMAT = "F\xa0Y"
MONTH_DAY_FORMAT = "F\xa0j"
SHORT_DATE_FORMAT = "Y-m-d"
SHORT_DATETIME_FORMAT = "Y-m-d g:i\xa0a"
FIRST_DAY_OF_WEEK = 0
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]
TIME_INPUT_FORMATS = ["%H:%M", "%I:%M %p"]
DATETIME_INPUT_FORMATS = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
