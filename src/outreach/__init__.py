"""outreach: collects organisations' names under a joint statement, by email."""

__version__ = "0.1.0"
