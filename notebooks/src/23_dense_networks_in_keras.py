# ---
# jupyter:
#   dlcourse:
#     title: Dense networks in Keras
#     subtitle: Build, train and read your first real classifier
#     minutes: 50
#     seconds: 20
#     needs: ["11"]
#     backends: [tensorflow, jax, torch]
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] tags=["header"]
# # 23 · Dense networks in Keras
#
# *Build, train and read your first real classifier*
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/dlcourse/dlcourse/blob/main/notebooks/23_dense_networks_in_keras.ipynb) [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/dlcourse/dlcourse/blob/main/notebooks/23_dense_networks_in_keras.ipynb) [![Launch Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/dlcourse/dlcourse/main?urlpath=lab/tree/notebooks/23_dense_networks_in_keras.ipynb)
#
# **Your time:** 50 minutes · **The notebook runs in:** about 20 s on two CPU cores · **Before this:** lesson 11

# %% tags=["bootstrap"]
# On Colab and Kaggle, fetch the course's helpers; elsewhere they are installed.
import importlib.util
import os
import subprocess
import sys

if importlib.util.find_spec("dlcourse") is None:
    address = os.environ.get("DLCOURSE_INSTALL", "git+https://github.com/dlcourse/dlcourse@main")
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", address]
    if subprocess.run(pip).returncode:
        print("The course's helpers could not be fetched: check the network, run again.")
    importlib.invalidate_caches()

# %% tags=["parameters"]
PROFILE = "quick"
SEED = 0

# %%
import matplotlib.pyplot as plt
import numpy as np

import dlcourse
from dlcourse import check, claim, datasets, explore, plots, quiz

lesson = dlcourse.start("23", profile=PROFILE, seed=SEED)

import keras
from keras import layers

# %%
digits = datasets.digits()
model = keras.Sequential([layers.Input((8, 8)), layers.Flatten(), layers.Dense(128, "relu"), layers.Dense(10, "softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(digits.x_train / 16, digits.y_train, validation_split=0.2, epochs=10, verbose=0)
plots.history_curves(history, title="Both losses fall")
plots.show("Two panels: loss falls, accuracy rises over 10 epochs.")

# %% tags=["exercise"]
# Exercise 23.1
answer = ...

# %%
check("23.1", answer)

# %% tags=["solution"]
# @title Solution 23.1
answer_solution = 3
check("23.1", answer_solution)

# %%
claim("it learns", max(history.history["accuracy"]), at_least=0.9)

# %%
def wave(frequency=1.0):
    x = np.linspace(0, 6, 200)
    plt.plot(x, np.sin(frequency * x))

explore(wave, alt="a sine wave", frequency=(0.5, 3.0))

# %%
quiz("23")
