#!/usr/bin/env python
"""Django's own commands, for developers. Operators use ``smarthd``."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    from config.env import EnvProblems

    try:
        execute_from_command_line(sys.argv)
    except EnvProblems as problems:
        sys.exit("\n  - ".join(["Cấu hình chưa dùng được:", *problems.lines]))
