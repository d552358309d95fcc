# Quarter (一刻圈). `make` alone prints this file's targets; README.md has the two that matter.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test build check fmt deb bench docs doctor new-module store-fixture deps clean

# The folder that `make run` keeps its sockets, store and network in.
STATE ?= .run
# The address of the kiosk's page.
KIOSK ?= 127.0.0.1:8315
# `make run DEMO=no` starts without the demo town, for a city of your own.
DEMO ?= yes

help: ## Print this list.
	@echo 'Quarter (一刻圈): what can I reach on foot in 15 minutes?'
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: deps ## Build, bring in the demo town, start the daemon in the foreground (STATE=.run KIOSK=127.0.0.1:8315 DEMO=yes).
	@Scripts/run.sh '$(STATE)' '$(KIOSK)' '$(DEMO)'

test: deps ## Install what is missing and run every test (FILTER=words for a part of them).
	@Scripts/test.sh '$(FILTER)'

build: deps ## Build quarterd, quarterctl and the modules, optimised, into .build/release/.
	@Scripts/build.sh -c release

check: deps ## Format, layers, imports, docs, warnings, scripts: everything but the tests.
	@Scripts/check.sh

fmt: ## Format every Swift file in place.
	@Scripts/require-swift.sh
	@swift format --in-place --parallel --recursive $$(Scripts/swift-folders.sh)

deb: deps ## Make the Debian package .build/deb/quarter_VERSION_amd64.deb.
	@Scripts/deb.sh

bench: deps ## Measure, with the C++ yardstick in the same run.
	@Scripts/bench.sh

docs: deps ## Write the generated files anew: errors, commands, configuration.
	@Scripts/docs.sh .

doctor: ## Look at toolchain and libraries, and say how to mend what is missing.
	@Scripts/doctor.sh

new-module: ## Start a service-type module: make new-module NAME=Laundry.
	@Scripts/new-module.sh '$(NAME)'

store-fixture: ## Write the store that later versions must read, once for each format of the store.
	@Scripts/build.sh --product StoreWriter
	@.build/debug/StoreWriter fixture Tests/DirectoryStoreTests/Fixtures

deps: ## Install the Debian packages that are missing (Scripts/apt-packages.txt).
	@Scripts/require-swift.sh
	@Scripts/install-packages.sh

clean: ## Delete what was built; the state folder stays.
	rm -rf .build Benchmarks/.build
