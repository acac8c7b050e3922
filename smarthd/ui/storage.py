"""Static files under names that carry their content's hash, the imports between our own ES modules included."""

from __future__ import annotations

from typing import Any

from django.contrib.staticfiles.storage import ManifestFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

_PATTERNS: Any = ManifestFilesMixin.patterns
_IMPORTS: Any = ManifestFilesMixin._js_module_import_aggregation_patterns  # type: ignore[attr-defined]
OUR_MODULES = ("ui/js/*.js", "citizen/js/*.js", "backoffice/js/*.js")


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Rewrite ``import`` only in modules we wrote: libraries' bundles are left alone."""

    patterns = (*_PATTERNS, *((place, _IMPORTS[1]) for place in OUR_MODULES))
