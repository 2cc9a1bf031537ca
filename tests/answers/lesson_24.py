"""Right and wrong answers of lesson 24, with a piece of the hint that must come."""

import math

import keras
import numpy as np

ops = keras.ops


def forgets_return(*arguments):
    list(arguments)


def prints(*arguments):
    print(len(arguments))


# ── 24.1 ────────────────────────────────────────────────────────────────────────


def log_loss(y, p):
    return -np.mean(np.log(np.where(y == 1, p, 1 - p)))


def in_a_loop(y, p):
    total = 0.0
    for happened, probability in zip(y, p, strict=True):
        total -= math.log(probability if happened else 1 - probability)
    return total / len(y)


def with_keras(y, p):
    return keras.losses.binary_crossentropy(y, p)


def returns_in_the_loop(y, p):
    for happened, probability in zip(y, p, strict=True):
        return -math.log(probability if happened else 1 - probability)


def given(y, p):
    return np.where(y == 1, p, 1 - p)


# ── 24.2 ────────────────────────────────────────────────────────────────────────


class Counting(keras.metrics.Metric):
    """A right answer; each of the classes below changes one thing."""

    def __init__(self, name="f1"):
        super().__init__(name=name)
        self.tp = self.add_weight(name="tp", initializer="zeros")
        self.fp = self.add_weight(name="fp", initializer="zeros")
        self.fn = self.add_weight(name="fn", initializer="zeros")

    def said(self, y_pred):
        return ops.cast(y_pred >= 0.5, "float32")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y, said = ops.cast(y_true, "float32"), self.said(y_pred)
        self.tp.assign_add(ops.sum(y * said))
        self.fp.assign_add(ops.sum((1 - y) * said))
        self.fn.assign_add(ops.sum(y * (1 - said)))

    def result(self):
        return 2 * self.tp / ops.maximum(2 * self.tp + self.fp + self.fn, 1)


class ByPrecisionAndRecall(keras.metrics.Metric):
    def __init__(self, name="f1", **kwargs):
        super().__init__(name=name, **kwargs)
        self.precision = keras.metrics.Precision(thresholds=0.4999999)
        self.recall = keras.metrics.Recall(thresholds=0.4999999)

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.precision.update_state(y_true, y_pred)
        self.recall.update_state(y_true, y_pred)

    def result(self):
        p, r = self.precision.result(), self.recall.result()
        return 2 * p * r / (p + r + keras.config.epsilon())

    def reset_state(self):
        self.precision.reset_state()
        self.recall.reset_state()


class InOneVector(keras.metrics.Metric):
    def __init__(self, name="f1"):
        super().__init__(name=name)
        self.counts = self.add_weight(name="counts", shape=(2,), initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y = ops.reshape(ops.cast(y_true, "bool"), (-1,))
        said = ops.reshape(y_pred, (-1,)) >= 0.5
        both = ops.sum(ops.cast(ops.logical_and(y, said), "float32"))
        total = ops.sum(ops.cast(y, "float32")) + ops.sum(ops.cast(said, "float32"))
        self.counts.assign(self.counts + ops.stack([2 * both, total]))

    def result(self):
        return ops.divide_no_nan(self.counts[0], self.counts[1])


def make_metric():
    return Counting()


def with_result(rule):
    class Changed(Counting):
        def result(self):
            return rule(self.tp, self.fp, self.fn)

    return Changed


class MeanOfBatches(Counting):
    def update_state(self, y_true, y_pred, sample_weight=None):
        y, said = ops.cast(y_true, "float32"), self.said(y_pred)
        self.tp.assign_add(2 * ops.sum(y * said) / (ops.sum(y) + ops.sum(said) + 1e-7))
        self.fp.assign_add(1)

    def result(self):
        return self.tp / self.fp


class MeanOfBatchesWithMean(keras.metrics.Mean):
    def __init__(self, name="f1"):
        super().__init__(name=name)

    def update_state(self, y_true, y_pred, sample_weight=None):
        y, said = ops.cast(y_true, "float32"), ops.cast(y_pred >= 0.5, "float32")
        f1 = 2 * ops.sum(y * said) / (ops.sum(y) + ops.sum(said) + 1e-7)
        return super().update_state(f1)


class SumOfBatches(MeanOfBatches):
    def result(self):
        return self.tp + 0.0


class SumOfBatchesInPython(Counting):
    def update_state(self, y_true, y_pred, sample_weight=None):
        y, said = ops.cast(y_true, "float32"), self.said(y_pred)
        f1 = 2 * ops.sum(y * said) / (ops.sum(y) + ops.sum(said))
        self.tp.assign(self.tp + f1)

    def result(self):
        return self.tp * 1


class LastBatch(Counting):
    def update_state(self, y_true, y_pred, sample_weight=None):
        y, said = ops.cast(y_true, "float32"), self.said(y_pred)
        self.tp.assign(ops.sum(y * said))
        self.fp.assign(ops.sum((1 - y) * said))
        self.fn.assign(ops.sum(y * (1 - said)))


class LastFpAndFn(Counting):
    def update_state(self, y_true, y_pred, sample_weight=None):
        y, said = ops.cast(y_true, "float32"), self.said(y_pred)
        self.tp.assign_add(ops.sum(y * said))
        self.fp.assign(ops.sum((1 - y) * said))
        self.fn.assign(ops.sum(y * (1 - said)))


class LastFpAndFnInPython(Counting):
    def update_state(self, y_true, y_pred, sample_weight=None):
        y, said = ops.cast(y_true, "float32"), self.said(y_pred)
        self.tp.assign_add(ops.sum(y * said))
        self.fp = ops.sum((1 - y) * said)
        self.fn = ops.sum(y * (1 - said))


class AddsInPlace(Counting):
    def update_state(self, y_true, y_pred, sample_weight=None):
        y, said = ops.cast(y_true, "float32"), self.said(y_pred)
        self.tp.assign_add(ops.sum(y * said))
        self.fp += ops.sum((1 - y) * said)
        self.fn += ops.sum(y * (1 - said))


class AddsWithPlus(Counting):
    def update_state(self, y_true, y_pred, sample_weight=None):
        y, said = ops.cast(y_true, "float32"), self.said(y_pred)
        self.tp = self.tp + ops.sum(y * said)
        self.fp = self.fp + ops.sum((1 - y) * said)
        self.fn = self.fn + ops.sum(y * (1 - said))


class LastBatchByReset(Counting):
    def update_state(self, y_true, y_pred, sample_weight=None):
        self.reset_state()
        super().update_state(y_true, y_pred)


class Above(Counting):
    def said(self, y_pred):
        return ops.cast(y_pred > 0.5, "float32")


class Rounded(Counting):
    def said(self, y_pred):  # 0.5 becomes 0
        return ops.round(y_pred)


class Soft(Counting):
    def said(self, y_pred):
        return ops.cast(y_pred, "float32")


class SoftToo(Counting):
    def said(self, y_pred):
        return ops.convert_to_tensor(y_pred)


class Pairs(Counting):
    def update_state(self, y_true, y_pred, sample_weight=None):
        super().update_state(ops.reshape(y_true, (-1,)), y_pred)


class PairsToo(Counting):
    def said(self, y_pred):
        return super().said(y_pred)[:, 0]


class CountsAccuracy(Counting):
    def update_state(self, y_true, y_pred, sample_weight=None):
        right = ops.cast(y_true, "float32") == self.said(y_pred)
        self.tp.assign_add(ops.sum(ops.cast(right, "float32")))
        self.fp.assign_add(ops.size(right))

    def result(self):
        return self.tp / ops.maximum(self.fp, 1)


class CountsAccuracyToo(keras.metrics.BinaryAccuracy):
    def __init__(self, name="f1"):
        super().__init__(name=name, threshold=0.4999999)


class PythonNumbers(Counting):
    def __init__(self, name="f1"):
        keras.metrics.Metric.__init__(self, name=name)
        self.counts = [0.0, 0.0, 0.0]

    def update_state(self, y_true, y_pred, sample_weight=None):
        y, said = np.array(y_true), np.array(y_pred) >= 0.5
        self.counts[0] += np.sum(y * said)
        self.counts[1] += np.sum((1 - y) * said)
        self.counts[2] += np.sum(y * (1 - said))

    def result(self):
        tp, fp, fn = self.counts
        return 2 * tp / max(2 * tp + fp + fn, 1)


class NeverResets(Counting):
    def reset_state(self):
        pass


class ReturnsNothing(Counting):
    def result(self):
        2 * self.tp / ops.maximum(2 * self.tp + self.fp + self.fn, 1)


class PrintsResult(Counting):
    def result(self):
        print(len(self.variables))


class ThreeNumbers(Counting):
    def result(self):
        return np.array([0.6, 0.7, 0.5])


class FloorsTwo(Counting):
    def result(self):
        return ops.where(self.tp + self.fp + self.fn > 0, super().result(), 1.0)


class OnlyFp(Counting):
    def update_state(self, y_true, y_pred, sample_weight=None):
        y, said = ops.cast(y_true, "float32"), self.said(y_pred)
        self.tp.assign_add(ops.sum(y * said))
        self.fp.assign_add(ops.sum((1 - y) * said))


class OnlyFn(Counting):
    def update_state(self, y_true, y_pred, sample_weight=None):
        y, said = ops.cast(y_true, "float32"), self.said(y_pred)
        self.tp.assign_add(ops.sum(y * said))
        self.fn.assign_add(ops.sum(y * (1 - said)))


class CountsDryDays(Counting):
    def update_state(self, y_true, y_pred, sample_weight=None):
        y, said = ops.cast(y_true, "float32"), self.said(y_pred)
        self.tp.assign_add(ops.sum(y * said))
        self.fp.assign_add(ops.sum((1 - y) * said))
        self.fn.assign_add(ops.sum((1 - y) * (1 - said)))


class CountsRightlyDry(Counting):
    def update_state(self, y_true, y_pred, sample_weight=None):
        y, said = ops.cast(y_true, "bool"), y_pred >= 0.5
        missed = ops.logical_and(ops.logical_not(y), ops.logical_not(said))
        self.tp.assign_add(ops.sum(ops.cast(ops.logical_and(y, said), "float32")))
        self.fp.assign_add(
            ops.sum(ops.cast(said, "float32") * (1 - ops.cast(y, "float32")))
        )
        self.fn.assign_add(ops.sum(ops.cast(missed, "float32")))


class OnlyUpdate(Counting):
    def update_state(self, y_true, y_pred, sample_weight=None): ...


class StubBoth(Counting):
    def update_state(self, y_true, y_pred, sample_weight=None): ...

    def result(self): ...


class SwapsLabels(Counting):
    def update_state(self, y_true, y_pred, sample_weight=None):
        super().update_state(1 - ops.cast(y_true, "float32"), 1.0 - y_pred)


class OtherThreshold(Counting):
    def said(self, y_pred):
        return ops.cast(y_pred >= 0.65, "float32")


# ── 24.3 ────────────────────────────────────────────────────────────────────────

RIGHT_CHOICES = {
    "temperature": (1, "linear", "mse"),
    "sky": (4, "softmax", "sparse_categorical_crossentropy"),
    "warnings": (3, "sigmoid", "binary_crossentropy"),
    "sentiment": (3, "softmax", "categorical_crossentropy"),
    "buoy": (1, "linear", "huber"),
    "frost": (1, "sigmoid", "binary_crossentropy"),
}


def but(**changes):
    return {**RIGHT_CHOICES, **changes}


SPARSE, CATEGORICAL = "sparse_categorical_crossentropy", "categorical_crossentropy"
BINARY = "binary_crossentropy"


# ── 24.4 ────────────────────────────────────────────────────────────────────────


def own_loss(y_true, y_pred):
    y_true = ops.cast(y_true, y_pred.dtype)
    given = y_true * y_pred + (1 - y_true) * (1 - y_pred)
    return -ops.mean(ops.log(given))


def still_twice(y_true, y_pred):
    return keras.losses.binary_crossentropy(y_true, y_pred, from_logits=True)


def absolute(y_true, y_pred):
    return ops.mean(ops.abs(y_true - y_pred))


def without_sign(y_true, y_pred):
    return -keras.losses.binary_crossentropy(y_true, y_pred)


def summed(y_true, y_pred):
    return ops.sum(keras.losses.binary_crossentropy(y_true, y_pred))


def wrong_days(y_true, y_pred):
    return 1 - keras.metrics.binary_accuracy(y_true, y_pred)


def wrong_days_too(y_true, y_pred):
    return ops.mean(ops.cast((y_pred >= 0.5) != (y_true == 1), "float32"))


RIGHT = {
    "24.1": [
        (log_loss,),
        (in_a_loop,),
        (with_keras,),
        (lambda y, p: -(y * np.log(p) + (1 - y) * np.log(1 - p)).sum() / len(y),),
        (lambda y, p: np.float32(-np.log(np.abs(p - (1 - y))).mean()),),
        (lambda y, p: np.log1p(np.exp((1 - 2 * y) * np.log(p / (1 - p)))).mean(),),
    ],
    "24.2": [(Counting,), (ByPrecisionAndRecall,), (InOneVector,), (make_metric,)],
    "24.3": [
        (RIGHT_CHOICES,),
        (but(buoy=[1.0, None, "mae"], frost=(np.int64(1), "Sigmoid", BINARY)),),
        (but(buoy=(1, keras.activations.linear, keras.losses.Huber()),
             sky=(4, "softmax", keras.losses.SparseCategoricalCrossentropy())),),
        (but(frost=(2, "softmax", SPARSE)),),
        (but(frost=(1, "linear", keras.losses.BinaryCrossentropy(from_logits=True)),
             sky=(4, None, keras.losses.SparseCategoricalCrossentropy(from_logits=True))),),
        (but(temperature=(1, "linear", "mean_squared_error"), frost=(1, "sigmoid", "bce"),
             buoy=(1, "linear", "mean_absolute_error")),),
        (but(sky=(4, "softmax", "SparseCategoricalCrossentropy"),
             temperature=(1, "linear", keras.losses.MeanSquaredError),
             buoy=(1, "linear", keras.losses.LogCosh)),),
    ],
    "24.4": [
        (keras.losses.BinaryCrossentropy(),),
        ("binary_crossentropy",),
        (keras.losses.binary_crossentropy,),
        (keras.losses.BinaryCrossentropy,),
        (keras.losses.BinaryCrossentropy(from_logits=False),),
        ("bce",),
        (own_loss,),
    ],
}  # fmt: skip

WRONG = {
    "24.1": [
        ((forgets_return,), "gives nothing back"),
        ((prints,), "gives nothing back"),
        ((lambda y, p: np.mean(np.log(given(y, p))),), "The sign"),
        ((lambda y, p: (y * np.log(p) + (1 - y) * np.log(1 - p)).mean(),), "The sign"),
        ((lambda y, p: -np.sum(np.log(given(y, p))),), "That is the sum"),
        ((lambda y, p: -np.log(np.prod(given(y, p))),), "That is the sum"),
        ((lambda y, p: -np.log(given(y, p)),), "single days"),
        ((lambda y, p: [-math.log(v) for v in given(y, p)],), "single days"),
        ((lambda y, p: -np.mean(np.log2(given(y, p))),), "not base 2"),
        ((lambda y, p: -np.mean(np.log(given(y, p))) / np.log(2),), "not base 2"),
        ((lambda y, p: -np.mean(np.log10(given(y, p))),), "not base 10"),
        ((lambda y, p: -np.mean(np.log(given(y, p))) / np.log(10),), "not base 10"),
        ((lambda y, p: -np.mean(np.log(p)),), "On a dry day"),
        ((lambda y, p: np.mean(np.log(1 / p)),), "On a dry day"),
        ((lambda y, p: -np.mean(np.log(np.where(y == 1, 1 - p, p))),), "changed places"),
        ((lambda y, p: -np.mean(np.log(np.where(y, 1 - p, p))),), "changed places"),
        ((lambda y, p: -np.mean(y * np.log(p)),), "Dry days are missing"),
        ((lambda y, p: -np.log(p)[y == 1].sum() / len(y),), "Dry days are missing"),
        ((lambda y, p: -np.log(given(y, p).mean()),), "Take the logarithm of each"),
        ((lambda y, p: -np.log(np.sum(given(y, p)) / len(y)),), "Take the logarithm of each"),
        ((lambda y, p: -np.log(p[y == 1]).mean() - np.log(1 - p[y == 0]).mean(),),
         "a single mean"),
        ((lambda y, p: sum(-np.log(given(y, p))[y == k].mean() for k in (0, 1)),),
         "a single mean"),
        ((lambda y, p: np.prod(given(y, p)),), "That is the likelihood"),
        ((lambda y, p: math.prod(given(y, p)),), "That is the likelihood"),
        ((lambda y, p: np.mean((y - p) ** 2),), "Per day, take the probability"),
        ((lambda y, p: given(y, p).mean(),), "Per day, take the probability"),
        ((lambda y, p: np.median(-np.log(given(y, p))),), "Per day, take the probability"),
        ((returns_in_the_loop,), "Per day, take the probability"),
        ((0.415,), "function itself"),
        ((np.float64(0.415),), "function itself"),
    ],
    "24.2": [
        ((Counting(),), "Hand in the class"),
        ((InOneVector(),), "Hand in the class"),
        ((0.7,), "Hand in the class"),
        ((lambda: 0.7,), "Hand in the class"),
        ((dict,), "Hand in the class"),
        ((ReturnsNothing,), "gives nothing back"),
        ((PrintsResult,), "gives nothing back"),
        ((ThreeNumbers,), "one number that is finite"),
        ((with_result(lambda tp, fp, fn: float("nan")),), "one number that is finite"),
        ((MeanOfBatches,), "mean of the batches"),
        ((MeanOfBatchesWithMean,), "mean of the batches"),
        ((SumOfBatches,), "sum of the batches"),
        ((SumOfBatchesInPython,), "sum of the batches"),
        ((LastBatch,), "Only the last batch"),
        ((LastBatchByReset,), "Only the last batch"),
        ((LastFpAndFn,), "fp and fn know only the last batch"),
        ((LastFpAndFnInPython,), "fp and fn know only the last batch"),
        ((OnlyFp,), "fn is missing"),
        ((with_result(lambda tp, fp, fn: 2 * tp / (2 * tp + fp)),), "fn is missing"),
        ((OnlyFn,), "fp is missing"),
        ((with_result(lambda tp, fp, fn: 2 * tp / (2 * tp + fn)),), "fp is missing"),
        ((with_result(lambda tp, fp, fn: tp / (tp + fp)),), "precision"),
        ((with_result(lambda tp, fp, fn: 2 * tp / (2 * tp + fp + fp)),), "precision"),
        ((with_result(lambda tp, fp, fn: tp / (tp + fn)),), "recall"),
        ((with_result(lambda tp, fp, fn: 2 * tp / (2 * tp + fn + fn)),), "recall"),
        ((with_result(lambda tp, fp, fn: tp / (tp + fp + fn)),), "tp counts twice, above"),
        ((with_result(lambda a, b, c: 2 * a / (2 * (a + b + c))),), "tp counts twice, above"),
        ((with_result(lambda tp, fp, fn: 2 * tp / (tp + fp + fn)),), "below the line as well"),
        ((with_result(lambda a, b, c: 2 * (a / (a + b + c))),), "below the line as well"),
        ((CountsAccuracy,), "accuracy"),
        ((CountsAccuracyToo,), "accuracy"),
        ((Above,), "not >"),
        ((Rounded,), "not >"),
        ((Soft,), "probabilities themselves"),
        ((SoftToo,), "probabilities themselves"),
        ((Pairs,), "same shape"),
        ((PairsToo,), "same shape"),
        ((PythonNumbers,), "add_weight"),
        ((NeverResets,), "add_weight"),
        ((AddsInPlace,), "another object"),
        ((AddsWithPlus,), "another object"),
        ((CountsDryDays,), "rightly called dry"),
        ((CountsRightlyDry,), "rightly called dry"),
        ((SwapsLabels,), "Add up tp"),
        ((OtherThreshold,), "Add up tp"),
        ((with_result(lambda tp, fp, fn: 2 * tp / (2 * tp + fp + fn)),), "should be 0"),
        ((FloorsTwo,), "should be 0"),
    ],
    "24.3": [
        (([1, 2, 3],), "six names"),
        (({"sky": (4, "softmax", SPARSE)},), "six names"),
        ((but(sky=(4, "softmax")),), "give three things"),
        ((but(frost="sigmoid"),), "give three things"),
        ((but(sky=("four", "softmax", SPARSE)),), "units should be a number"),
        ((but(sky=("softmax", 4, SPARSE)),), "units should be a number"),
        ((but(sky=(4, "relu", SPARSE)),), "one of linear, sigmoid and softmax"),
        ((but(frost=(1, "tanh", BINARY)),), "one of linear, sigmoid and softmax"),
        ((but(warnings=(3, "softmax", CATEGORICAL)),), "compete"),
        ((but(warnings=(3, "softmax", BINARY)),), "compete"),
        ((but(frost=(1, "softmax", BINARY)),), "always says 1"),
        ((but(frost=(1, keras.activations.softmax, BINARY)),), "always says 1"),
        ((but(frost=(2, "softmax", BINARY)),), "two units with softmax"),
        ((but(frost=(2, "softmax", CATEGORICAL)),), "two units with softmax"),
        ((but(sky=(4, "sigmoid", SPARSE)),), "add up to 1"),
        ((but(sentiment=(3, "linear", CATEGORICAL)),), "add up to 1"),
        ((but(buoy=(1, "sigmoid", "huber")),), "no probability"),
        ((but(temperature=(1, "softmax", "mse")),), "no probability"),
        ((but(frost=(1, "linear", BINARY)),), "between 0 and 1: a sigmoid"),
        ((but(warnings=(3, None, BINARY)),), "between 0 and 1: a sigmoid"),
        ((but(frost=(1, "sigmoid", keras.losses.BinaryCrossentropy(from_logits=True))),),
         "taken twice"),
        ((but(sky=(4, "softmax",
                   keras.losses.SparseCategoricalCrossentropy(from_logits=True))),),
         "taken twice"),
        ((but(sky=(4, None, keras.losses.BinaryCrossentropy(from_logits=True))),),
         "add up to 1"),
        ((but(buoy=(1, None, keras.losses.BinaryCrossentropy(from_logits=True))),),
         "no probability"),
        ((but(sky=(1, "softmax", SPARSE)),), "Count what"),
        ((but(warnings=(8, "sigmoid", BINARY)),), "Count what"),
        ((but(sky=(4, "softmax", CATEGORICAL)),), "look at the label again"),
        ((but(sentiment=(3, "softmax", SPARSE)),), "look at the label again"),
        ((but(buoy=(1, "linear", "mse")),), "garbled"),
        ((but(buoy=(1, None, keras.losses.MeanSquaredError())),), "garbled"),
        ((but(temperature=(1, "linear", "mae")),), "it is the example"),
        ((but(temperature=(1, "linear", "huber")),), "it is the example"),
        ((but(warnings=(3, "sigmoid", CATEGORICAL)),), "yes or no by itself"),
        ((but(frost=(1, "sigmoid", SPARSE)),), "yes or no by itself"),
        ((but(sky=(4, "softmax", "mse")),), "does not fit"),
        ((but(frost=(1, "sigmoid", "accuracy")),), "does not fit"),
        ((but(sky=(4, "softmax", BINARY)),), "row in the table"),
        ((but(buoy=(1, "linear", BINARY)),), "row in the table"),
        ((but(sky=(1, "linear", "mse")),), "add up to 1"),
        ((but(sentiment=(3, "sigmoid", BINARY)),), "add up to 1"),
    ],
    "24.4": [
        (("no_such_loss",), "a loss that Keras knows"),
        ((0.313,), "a loss that Keras knows"),
        ((None,), "a loss that Keras knows"),
        ((keras.losses.BinaryCrossentropy(from_logits=True),), "sigmoid of what is"),
        ((still_twice,), "sigmoid of what is"),
        (("mse",), "squared error"),
        ((keras.losses.MeanSquaredError(),), "squared error"),
        (("mae",), "absolute error"),
        ((absolute,), "absolute error"),
        (("categorical_crossentropy",), "single class"),
        ((keras.losses.CategoricalCrossentropy(),), "single class"),
        ((keras.losses.SparseCategoricalCrossentropy(),), "single class"),
        (("sparse_categorical_crossentropy",), "single class"),
        ((keras.losses.BinaryCrossentropy(reduction="sum"),), "not the sum"),
        ((summed,), "not the sum"),
        ((without_sign,), "sign is wrong"),
        ((lambda y_true, y_pred: -own_loss(y_true, y_pred),), "sign is wrong"),
        ((wrong_days,), "counts wrong days"),
        ((wrong_days_too,), "counts wrong days"),
        ((keras.losses.BinaryCrossentropy(label_smoothing=0.1),), "asks how probable"),
        (("hinge",), "asks how probable"),
        (("poisson",), "asks how probable"),
    ],
}  # fmt: skip
