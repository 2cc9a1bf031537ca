# Two commands do everything on a machine with Python >= 3.11 and make:
#   make lab     open the course in JupyterLab
#   make test    run every check and every notebook
PYTHON ?= python3
VENV   ?= .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
PY    := $(BIN)/python
READY := $(VENV)/.ready
# what only the tests, or only the site, need beside the rest
TESTED := $(VENV)/.ready-test
SITED := $(VENV)/.ready-site
# uv or pip; by default uv, and pip where uv is not to be had
INSTALLER ?=
INSTALL = $(PYTHON) -I dlcourse/tools/install.py --venv "$(VENV)" --installer "$(INSTALLER)" --goal "$(MAKECMDGOALS)"

.PHONY: lab test run claims new notebooks student slides site frames bundle bench results doctor colab oldest newest backends workshop-load mutants install clean
.DEFAULT_GOAL := lab

install: $(READY)

# The stamp is written last, so an installation that was interrupted is taken up again.
$(READY): requirements.txt constraints.txt pyproject.toml
	@$(INSTALL)
	@touch $(READY)

$(TESTED): $(READY)
	@$(INSTALL) --extra test,site
	@touch $(TESTED) $(SITED)

$(SITED): $(READY)
	@$(INSTALL) --extra site
	@touch $(SITED)

lab: $(READY)
	@$(PY) -m dlcourse lab $(ARGS)

test: $(TESTED)
	@$(PY) tests/run_all.py $(ARGS)

run: $(READY)
	@$(PY) -m dlcourse run $(ARGS)

# what the claims' bounds are worth: make run ARGS="--seeds 0-9" comes first
claims: $(READY)
	@$(PY) -m dlcourse claims $(ARGS)

# the files of a new lesson: make new ARGS='71 "Autoencoders"'
new: $(READY)
	@$(PY) -m dlcourse new $(ARGS)

notebooks: $(READY)
	@$(PY) -m dlcourse notebooks $(ARGS)

student: $(READY)
	@$(PY) -m dlcourse student $(ARGS)

slides: $(READY)
	@$(PY) -m dlcourse slides $(ARGS)

# the course as pages, from the stored notebooks; frames: their figures alone
site: $(SITED)
	@$(PY) -m dlcourse site $(ARGS)

frames: $(READY)
	@$(PY) -m dlcourse frames $(ARGS)

bundle: $(READY)
	@$(PY) -m dlcourse bundle $(ARGS)

bench: $(READY)
	@$(PY) -m dlcourse bench $(ARGS)

# with Colab's package versions, in an environment of its own (needs Python 3.13 or 3.12)
colab: $(READY)
	@$(PY) tests/colab.py $(ARGS)

# the lowest and the newest versions that requirements.txt admits; JAX and PyTorch
oldest newest backends: $(READY)
	@$(PY) tests/environments.py $@ $(ARGS)

# small changes to the package, one at a time: how many does a test notice?
mutants: $(TESTED)
	@$(PY) tests/mutants.py $(ARGS)

# one server, many learners: how long, how much memory, what is lost
workshop-load: $(READY)
	@$(PY) tests/workshop_load.py $(ARGS)

# RESULTS.md's part on the real data: make run ARGS="--profile full --seeds 0-2" comes first; lessons
# that it leaves out keep their rows
results: $(READY)
	@$(PY) -m dlcourse results $(ARGS)

doctor: $(READY)
	@$(PY) -m dlcourse doctor

clean:
	rm -rf $(VENV) build bundle dist runs student slides site .cache/site *.egg-info .pytest_cache .ruff_cache .hypothesis
