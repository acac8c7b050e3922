help:
	@echo ok
