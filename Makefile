# Hồi Âm: the commands a newcomer needs.
#
#   make run    builds, loads the demo city if there are no data yet, serves on 127.0.0.1:8022
#   make build  makes target/release/hoiam
#   make test   everything that must hold before a change is taken
#   make test-long  hundreds of simulated cities and dozens of killed servers (docs/simulation.md)
#   make test-extra every route asked with whatever its description allows; licences (docs/threats.md)
#   make fuzz       libFuzzer against every reader of outside input, a minute each (docs/threats.md)
#   make mutants    changes the rules one thing at a time; a test must notice
#   make bench         how fast it is, beside what the databases reach without it; about seven minutes
#   make bench-growth  the same questions at 10,000 and at 3,000,000 events; about fifteen minutes
#   make bench-peers   other event stores beside ours
#   make bench-counts  instruction counts against those committed; says what became slower

DATA ?= data
LISTEN ?= 127.0.0.1:8022

.PHONY: run build test test-extra test-long fuzz mutants bench bench-growth bench-peers bench-counts fmt

run: build
	target/release/hoiam demo --if-empty --data $(DATA)
	exec target/release/hoiam serve --data $(DATA) --listen $(LISTEN)

build:
	cargo build --release --locked

test:
	scripts/test

test-extra:
	scripts/test-extra

test-long:
	scripts/test-long

fuzz:
	scripts/fuzz

mutants:
	scripts/mutants

bench:
	scripts/bench

bench-growth:
	scripts/bench --only growth --write $(CURDIR)/docs/performance.md

bench-peers:
	scripts/bench-peers

bench-counts:
	scripts/bench-counts

fmt:
	cargo fmt --all
