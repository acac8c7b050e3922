"""What a session of the site carries on behalf of people, by key; the pages of signing in write, our allauth adapters read."""

from __future__ import annotations

INSTALL_FACTS = "people_install"  # what the app said of itself on the sign-in form
BOUND_INSTALL = "people_bound_install"  # the install this session is bound to
HOME_TOLD = "people_home"  # the commune chosen on this phone before anybody signed in
LINK_AGREED = "people_link_agreed"  # when the person agreed to link a national identity
