# Smart-HaiDuong: every task of the house. `make help` lists them.
PYTHON ?= python3
UV_VERSION := 0.13.9
TOOLS := .tools
UV := $(TOOLS)/bin/uv
RUN := .venv/bin
export UV_PROJECT_ENVIRONMENT := .venv
export UV_PYTHON_DOWNLOADS := never
# Byte code is compiled once: without it every process reads its libraries' source again, and `make run` took 15 s to come up instead of 7.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help

help: ## liệt kê các lệnh
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Cần Python 3.11 trở lên; đang có: $$($(PYTHON) --version 2>&1). Chỉ định bằng PYTHON=python3.12 make run"; exit 1; }
	@$(PYTHON) -m venv $(TOOLS) || { echo "Không tạo được môi trường Python. Trên Debian/Ubuntu: apt install python3-venv"; exit 1; }
	@$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.synced: $(UV) pyproject.toml uv.lock
	@$(UV) sync --locked --quiet --compile-bytecode --python $(PYTHON)
	@touch $@

setup: .venv/.synced ## cài môi trường và thư viện đã khóa phiên bản

run: .venv/.synced ## chạy cả hệ thống tại http://127.0.0.1:8000
	@exec $(RUN)/smarthd run

test: .venv/.synced ## chạy bộ kiểm thử, trừ các kiểm chứng lâu
	@STORIES_TWICE=1 $(RUN)/python -m pytest -q -n 4 -m "not slow"

check-slow: .venv/.synced ## các kiểm chứng lâu: mọi trang ở mọi vẻ, mọi vai trò với mọi bước, cả chiến dịch tháng 3/2024
	@STORIES_TWICE=1 $(RUN)/python -m pytest -q -n 4 -m slow

format: .venv/.synced ## viết lại mã theo định dạng chung
	@$(RUN)/ruff format -q . && $(RUN)/ruff check -q --fix .

lint: .venv/.synced ## định dạng, ruff, mypy strict, các tầng, mẫu trang, migration thiếu
	@$(RUN)/ruff format --check -q . || { echo "Định dạng chưa đúng: chạy make format"; exit 1; }
	@$(RUN)/ruff check -q .
	@$(RUN)/mypy
	@$(RUN)/lint-imports > .import-linter.log 2>&1 || { cat .import-linter.log; exit 1; }
	@$(RUN)/djlint smarthd --lint --quiet
	@$(UV) lock --check --quiet

check: lint .venv/.synced ## mọi thứ CI đòi hỏi: lint, rồi kiểm thử kèm độ phủ nhánh
	@STORIES_TWICE=1 $(RUN)/python -m pytest -q -n 4 -m "not slow" --cov --cov-branch --cov-report=term:skip-covered --cov-report=xml:.coverage.xml

bench: .venv/.synced ## đo tốc độ (một phép đo: BENCH=tên make bench)
	@$(UV) sync --locked --quiet --group bench --python $(PYTHON)
	@$(RUN)/python -m bench

seed-load: .venv/.synced ## nạp thế giới cỡ M vào DATA_DIR để đo
	@$(RUN)/smarthd seed-load --scale M

guide-pictures: .venv/.synced ## chụp lại hình của docs/huong-dan từ bản dùng thử đang chạy (SITE=http://…)
	@PYTHONPATH=. $(RUN)/python tools/take_guide_pictures.py --site $(or $(SITE),http://127.0.0.1:8000)

clean: ## xóa môi trường và tệp sinh ra (không xóa dữ liệu)
	@rm -rf .venv $(TOOLS) .static .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage*

.PHONY: help setup run test check-slow format lint check bench seed-load guide-pictures clean
