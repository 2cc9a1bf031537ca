"""Checkers and quiz of lesson 11, loading and preprocessing."""

from __future__ import annotations

from ..checks import exercise
from ..expectations import expect, expect_array, expect_number
from ..quizzes import Question


@exercise("11.1")
def price_limit(answer):
    limit = expect_number(answer, "The limit should be a single number, in € per m².")
    expect(limit < 10_000, "That is a price, not a price per m²: divide by the size.")
    per_m2 = _price_per_m2()
    found = int((per_m2 < limit).sum())
    expect(
        found > 0,
        "No sale is below that: even a price without its last digit is higher.",
    )
    expect(found >= 9, f"That finds {found} of the 9: some lie above your limit.")
    expect(
        found == 9,
        f"That flags {found} sales, honest cheap houses among them: look for the gap"
        " between the island and the cloud, and put the limit there.",
    )
    return "the island of 9, and no honest house"


def _price_per_m2():
    from .. import datasets

    frame = datasets.house_prices().frame
    size = frame["size_m2"].where(frame["size_m2"] <= 300, frame["size_m2"] / 10.764)
    return frame["price"] / size


@exercise("11.2")
def standardize(answer):
    import numpy as np

    rng = np.random.default_rng(11)
    x_train = rng.normal([90, 3, 20], [30, 1, 9], size=(12, 3))
    x_new = rng.normal([120, 4, 5], [30, 1, 9], size=(5, 3))
    pair = answer(x_train.copy(), x_new.copy())
    expect(
        isinstance(pair, (tuple, list)) and len(pair) == 2,
        "Return two arrays: the scaled training rows and the scaled new rows.",
    )
    scaled_train = expect_array(pair[0], (12, 3), "the scaled x_train")
    scaled_new = expect_array(pair[1], (5, 3), "the scaled x_new")

    def z(x, statistics_of, axis=0, ddof=0):
        mean = statistics_of.mean(axis=axis, keepdims=True)
        return (x - mean) / statistics_of.std(axis=axis, ddof=ddof, keepdims=True)

    both = np.vstack([x_train, x_new])
    mistakes = [
        (x_train, z(x_new, x_new), "The new rows were scaled with their own statistics: a"
         " house that arrives alone would always become 0. Use those of x_train."),
        (x_train, z(x_new, both), "The statistics come from both arrays: that is the leak."
         " Use x_train alone."),
        (x_train, z(x_new, x_train, axis=None), "One mean for the whole table: m² and"
         " bedrooms need a mean each. Mind the axis."),
        (x_train, z(x_new, x_train, ddof=1), "Nearly: your standard deviation divides by n − 1 (as"
         " pandas does), StandardScaler and Normalization by n."),
        (x_train, (x_new - x_train.mean(0)) / x_train.var(0), "You divided by the variance; the"
         " standard deviation is its square root."),
        (x_train, (x_new - x_train.min(0)) / np.ptp(x_train, axis=0), "That is min–max: subtract"
         " the mean, divide by the standard deviation."),
        (x_train, z(x_new, x_new, axis=1), "Those are statistics of each row; a z-score"
         " belongs to a column: axis=0."),
    ]  # fmt: skip
    right_new, right_train = z(x_new, x_train), z(x_train, x_train)
    for _, wrong, hint in mistakes:
        expect(not np.allclose(scaled_new, wrong), hint)
    expect(
        np.allclose(scaled_new, right_new),
        "x_new should become (x_new − mean) / standard deviation, both of x_train, per column.",
    )
    expect(
        np.allclose(scaled_train, right_train),
        "x_new is right, but x_train is not: both get the same mean and standard deviation.",
    )
    return "two statistics per column, from the training rows, for both arrays"


@exercise("11.3")
def test_mask(answer):
    import numpy as np

    rng = np.random.default_rng(113)
    groups = np.array([f"street {i:02d}" for i in rng.integers(80, size=600)])
    mask = _mask(answer, groups, seed=1)
    names = np.unique(groups)
    shares = np.array([mask[groups == name].mean() for name in names])
    torn = int(((shares > 0) & (shares < 1)).sum())
    expect(mask.any(), "No row is True: nothing was drawn for the test set.")
    expect(not mask.all(), "Every row is True: nothing is left for training.")
    expect(
        torn == 0,
        f"{torn} of {len(names)} groups have rows on both sides: draw groups, not rows.",
    )
    drawn = int((shares == 1).sum())
    expect(
        not 50 <= drawn <= 70,
        "With share 0.25 you marked three quarters of the groups: True is for test rows.",
    )
    expect(
        8 <= drawn <= 32,
        f"With share 0.25 and {len(names)} groups, about {len(names) // 4} groups should be"
        f" drawn; you drew {drawn}.",
    )
    expect(
        any((_mask(answer, groups, seed) != mask).any() for seed in (2, 3, 4)),
        "Other generators give the same groups: draw with the rng you are handed.",
    )
    expect(
        (_mask(answer, groups, seed=1) == mask).all(),
        "The same generator gives different groups: take all randomness from rng.",
    )
    return "no street on both sides"


def _mask(answer, groups, seed):
    """Return the learner's mask for these groups as an array of booleans."""
    import numpy as np

    mask = np.asarray(answer(groups.copy(), 0.25, np.random.default_rng(seed)))
    expect(
        mask.shape == groups.shape,
        f"Return one value per row, shape {groups.shape}; yours has shape {mask.shape}.",
    )
    expect(
        mask.dtype == bool, "Return True or False for each row: an array of booleans."
    )
    return mask


@exercise("11.4")
def honest_score(answer):
    import numpy as np

    rng = np.random.default_rng(114)
    flags = rng.integers(0, 2, size=(200, 1200)).astype(float)
    noise = [expect_number(answer(flags.copy(), rng.normal(size=200)),
                           "Return one number, the R² of the validation rows.")
             for _ in range(4)]  # fmt: skip
    prices = 3 * flags[:, :5].sum(axis=1) + rng.normal(size=200)
    score = expect_number(answer(flags.copy(), prices), "Return one number, the R².")
    known = _scores(flags, prices)
    expect(
        not np.isclose(score, known["training"]),
        "That is the score of the training rows: the model has seen their prices.",
    )
    expect(
        not np.isclose(score, known["fitted on all"]),
        "The flags are chosen honestly now, but the regression was fitted on all rows.",
    )
    expect(
        not np.isclose(score, known["no choice"]),
        "No flags were chosen: keep the 30 that correlate best with the training prices.",
    )
    expect(
        np.mean(noise) < 0.1,
        f"On random prices it still reports R² ≈ {np.mean(noise):.1f}, where 0 or less is"
        " honest: prices of validation rows take part in choosing the flags.",
    )
    expect(
        np.isclose(score, known["right"]),
        "No leak, but not the same procedure: the 30 flags that go best with the training prices,"
        " the same for both sets, test_size=0.25 and random_state=0.",
    )
    return "on random prices it finds nothing, as it should"


def _scores(flags, prices):
    """Return R² of the right procedure and of three half-right ones."""
    import numpy as np
    from sklearn.linear_model import LinearRegression
    from sklearn.model_selection import train_test_split

    x_train, x_val, y_train, y_val = train_test_split(
        flags, prices, test_size=0.25, random_state=0
    )
    best = np.argsort(np.abs(np.corrcoef(x_train.T, y_train)[-1, :-1]))[-30:]
    fitted = LinearRegression().fit(x_train[:, best], y_train)
    on_all = LinearRegression().fit(flags[:, best], prices)
    every = LinearRegression().fit(x_train, y_train)
    return {
        "right": fitted.score(x_val[:, best], y_val),
        "training": fitted.score(x_train[:, best], y_train),
        "fitted on all": on_all.score(x_val[:, best], y_val),
        "no choice": every.score(x_val, y_val),
    }


QUIZ = [
    Question(
        "In a clinic's table the blood pressure is empty for a third of the patients, mostly"
        " those whom the doctor thought healthy. What do you give the network?",
        [
            ("Only the complete rows",
             "Then it never sees patients thought healthy, and new ones will come with the"
             " gap, too."),
            ("The mean in every gap",
             "That says “average pressure” of people who were mostly better than average:"
             " predictions for them will be biased."),
            ("The mean in every gap, and a column that marks the gaps",
             "The gap says something about the patient; the second column lets the network"
             " learn what."),
            ("Zero in every gap, nothing else",
             "A pressure of zero is a false measurement far outside the range; after scaling"
             " it acts as an outlier."),
        ],
        answer=2,
    ),
    Question(
        "Payment is `cash`, `card` or `transfer`, coded as 0, 1, 2 in one column. What has a"
        " linear model been told?",
        [
            ("That card lies halfway between cash and transfer",
             "One weight times the code: the step from 0 to 1 must be worth as much as the step"
             " from 1 to 2."),
            ("Nothing: codes are only names",
             "For a database, yes. A model multiplies them by a weight, so their order and"
             " distances count."),
            ("That the three are equally frequent",
             "Codes say nothing about how often each occurs."),
        ],
        answer=0,
    ),
    Question(
        "A table has the columns height (cm) and weight (kg). Which preprocessing makes a"
        " child of 100 cm and 20 kg equal to a giant of 300 cm and 60 kg?",
        [
            ("z-score", "Each column is shifted and divided, the same for both people: they stay"
             " far apart."),
            ("`UnitNormalization`",
             "It divides each row by its length. The giant's row is three times the child's, so"
             " both become the same."),
            ("min–max", "The column's range becomes 0 to 1, but the order of people within it"
             " stays."),
            ("One-hot encoding", "That is for categories; here it would make a column for each"
             " height that occurs."),
        ],
        answer=1,
    ),
    Question(
        "A network reads X-ray pictures; most patients have several. It will be used on"
        " patients it has never seen. How do you split?",
        [
            ("At random over the pictures",
             "Pictures of the same patient would be on both sides: the network can recognize"
             " the patient instead of the illness."),
            ("Stratified by diagnosis",
             "Good for rare diagnoses, but pictures of one patient still land on both sides."),
            ("Sorted by the time of the picture",
             "That asks about the future of known patients, too: those in treatment appear on"
             " both sides."),
            ("By patient", "All pictures of a patient on one side: the score answers the"
             " question asked, new patients."),
        ],
        answer=3,
    ),
    Question(
        "Which chain gives each epoch a new order, reads the file once, and mixes rows into"
        " every batch?",
        [
            ("`shuffle` → `cache` → `batch` → `prefetch`",
             "The cache keeps the order of the first epoch, and repeats it for ever."),
            ("`cache` → `batch` → `shuffle` → `prefetch`",
             "After `batch` the elements are batches: `shuffle` deals them in another order, but"
             " neighbors stay together."),
            ("`cache` → `shuffle` → `batch` → `prefetch`",
             "Rows are read once, dealt anew in each epoch, then grouped; the next batch is"
             " prepared meanwhile."),
            ("`prefetch` → `shuffle` → `batch` → `cache`",
             "The cache at the end keeps ready batches: the same batches in the same order in"
             " every epoch."),
        ],
        answer=2,
    ),
]  # fmt: skip
