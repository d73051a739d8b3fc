# Guatu 挂图. `make` alone lists what there is.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8000
PACK ?=
BIN := .venv/bin
STAMP := .venv/.installed
ENGLISH := src/guatu/locale/en/LC_MESSAGES/django

.PHONY: help setup demo serve test soak lint format bench bundle coverage lock messages

help: ## 列出可用的命令 · list the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-9s %s\n", $$1, $$2 }'

setup: $(STAMP) $(ENGLISH).mo ## 安装到 .venv · install into .venv
	@:

$(ENGLISH).mo: $(ENGLISH).po $(STAMP)
	@$(BIN)/python scripts/messages.py compile

messages: setup ## 从源代码更新英文译文表 · bring the English catalogue in line with the source
	@$(BIN)/python scripts/messages.py update

$(STAMP): requirements/test.txt requirements/base.txt pyproject.toml
	@scripts/check-python $(PYTHON)
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip --upgrade >/dev/null
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup ## 演示：装入示例数据并打开网页（PORT=8000 PACK=safety-drive）· load the demo and serve it
	@$(if $(PACK),export GUATU_HOME="$${GUATU_HOME:-var-$(PACK)}";) exec $(BIN)/guatu demo --port $(PORT) $(if $(PACK),--pack $(PACK))

serve: setup ## 启动自己的系统 · serve your own installation
	@exec $(BIN)/guatu serve --port $(PORT)

test: setup ## 全部检查与测试：SQLite、PostgreSQL、浏览器 · every check and test
	@scripts/install-system-packages
	@$(MAKE) --no-print-directory lint
	@$(BIN)/python scripts/run-tests

soak: setup ## 长时间随机测试 · long random runs
	@$(BIN)/pytest -m soak --hypothesis-profile=soak -n 2

lint: setup ## 格式、类型、分层、模板、迁移 · format, types, layers, templates, migrations
	@scripts/lint

format: setup ## 整理格式 · put the code in form
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format .

bench: setup ## 在两种数据库上测速 · measure on both databases
	@$(BIN)/guatu bench
	@scripts/with-postgres $(BIN)/guatu bench

bundle: setup ## 离线安装包（x86-64 与 ARM64）· the offline bundle
	@scripts/bundle

coverage: setup ## 规则、权限、写入的分支覆盖率 · branch coverage of the inner layers
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -q -m "not soak and not browser"
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report --show-missing

lock: ## 更新依赖锁定文件（需要 uv）· resolve the locks again
	@scripts/lock
