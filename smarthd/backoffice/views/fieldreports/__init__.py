"""Phản ánh hiện trường at the desk, by job: queue, one case and its acts, joining, files, moderation, intake, rules, agencies."""
