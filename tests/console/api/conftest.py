"""A website with the companies acme and other, and their programs."""

from tests.projects.api.conftest import programs as programs
