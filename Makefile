# 信桥 Xinqiao: one word for each thing one does. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help setup demo demo-reset test check fix prove soak bench map room pins

BIN := .venv/bin

help: ## 这一页 | this page
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' Makefile

setup: ## 安装运行环境与前端 | install the runtime and the front end
	@bootstrap/run runtime

demo: setup ## 打开演示医院 | open the demo hospital
	@exec $(BIN)/xinqiao demo $(ARGS)

demo-reset: setup ## 清空演示数据，从头再来 | start the demo afresh
	@exec $(BIN)/xinqiao demo --reset $(ARGS)

test: ## 全部测试（可加 ARGS="-k 名字"） | all tests (narrow them with ARGS)
	@bootstrap/run test
	@$(BIN)/pytest $(ARGS)

check: ## 格式、检查、类型、架构约束、文档一致 | format, lint, types, contracts, docs in step
	@bootstrap/run check
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@find xinqiao -name '*.html' -exec $(BIN)/djade --check {} +
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/pytest tests/house
	@$(BIN)/xinqiao check

fix: ## 自动整理格式，重写生成的文档 | tidy up, and write the generated docs again
	@bootstrap/run check
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@find xinqiao -name '*.html' -exec $(BIN)/djade {} + || true  # it exits 1 when it has tidied something
	@$(BIN)/xinqiao docs

prove: ## 可靠性证明 | the proofs of reliability
	@bootstrap/run test
	@$(BIN)/pytest -m prove $(ARGS)

soak: ## 长时间运行 | the long run
	@bootstrap/run test
	@$(BIN)/pytest -m soak $(ARGS)

bench: setup ## 性能测量（可加 ARGS="hl7 --json"） | measure (choose with ARGS)
	@$(BIN)/xinqiao bench $(ARGS)

map: setup ## 重画 docs/map.md | draw docs/map.md again
	@$(BIN)/xinqiao docs map

room: setup ## 新建一个房间：make room NAME=x | a new room
	@$(BIN)/xinqiao room $(NAME)

pins: ## 重新锁定依赖版本（升级加 ARGS=--upgrade） | pin the dependencies again
	@bootstrap/run runtime
	@bootstrap/pins.sh $(ARGS)
