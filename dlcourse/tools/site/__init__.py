"""The course as a living static site: what ``make site`` builds."""
