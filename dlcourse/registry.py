"""Where data come from: addresses, checksums, authors, terms. Nothing but data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Remote:
    """Where a downloadable data set lives: mirrors tried in turn, and SHA-256 per file."""

    title: str
    mirrors: tuple
    files: dict
    megabytes: float
    license: str
    citation: str


REGISTRY = {
    "mnist": Remote(
        title="MNIST",
        mirrors=(
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
        ),
        files={
            "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        },
        megabytes=11.6,
        license="not stated by the authors",
        citation="LeCun, Bottou, Bengio, Haffner (1998), Gradient-based learning applied to document recognition, Proceedings of the IEEE 86(11)",
    ),
    "fashion_mnist": Remote(
        title="Fashion-MNIST",
        mirrors=(
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        ),
        files={
            "train-images-idx3-ubyte.gz": "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            "train-labels-idx1-ubyte.gz": "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            "t10k-images-idx3-ubyte.gz": "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            "t10k-labels-idx1-ubyte.gz": "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        },
        megabytes=30.9,
        license="MIT (Zalando SE, 2017)",
        citation="Xiao, Rasul, Vollgraf (2017), Fashion-MNIST, arXiv:1708.07747",
    ),
    "california_housing": Remote(
        title="California housing",
        mirrors=("https://github.com/ageron/data/raw/main/housing/",),
        files={
            "housing.csv": "2364609dc48bec7df3ba9dbb7041478e704ecddcee70ef1827ec3fc49d22c0cc",
        },
        megabytes=1.4,
        license="not stated by the authors",
        citation="Pace, Barry (1997), Sparse spatial autoregressions, Statistics & Probability Letters 33(3)",
    ),
    "daily_min_temperatures": Remote(
        title="Daily minimum temperatures in Melbourne",
        mirrors=("https://raw.githubusercontent.com/jbrownlee/Datasets/master/",),
        files={
            "daily-min-temperatures.csv": "8b9de63ed6789492bf497625e7f9beb96a63d367b4b0a21754006f749fa5e5da",
        },
        megabytes=0.1,
        license="not stated where it is published",
        citation="Australian Bureau of Meteorology, 1981 to 1990",
    ),
    "cta_ridership": Remote(
        title="Daily boardings in Chicago",
        mirrors=("https://github.com/ageron/data/raw/main/ridership/",),
        files={
            "CTA_-_Ridership_-_Daily_Boarding_Totals.csv": "34faaba085ca21434b7dd3e0abcbaf8cde5be3a4f170dda1c8caef72c5c4bd06",
        },
        megabytes=0.3,
        license="not stated where it is published",
        citation="Chicago Transit Authority, Chicago Data Portal, 2001 to 2021",
    ),
    "sst2": Remote(
        title="SST-2",
        mirrors=(
            "https://raw.githubusercontent.com/clairett/pytorch-sentiment-classification/master/data/SST2/",
        ),
        files={
            "train.tsv": "ec192f833a64da08f475488a77b0d0b47db47acd0f458bd18433fc793b569920",
            "dev.tsv": "eddea6b39e601dd4e7a672b53cc40fdf6019fa80522f351206c24340ca5d9359",
            "test.tsv": "831169c7e2e429d6026e1bdbb542f33b636e3e596caad9602ebc953c205928b7",
        },
        megabytes=1.0,
        license="not stated where it is published",
        citation="Socher and others (2013), Recursive deep models for semantic compositionality over a sentiment treebank, EMNLP",
    ),
    "tinyshakespeare": Remote(
        title="Tiny Shakespeare",
        mirrors=(
            "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/",
        ),
        files={
            "input.txt": "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
        },
        megabytes=1.1,
        license="public domain (the text); MIT (its repository)",
        citation="Karpathy (2015), The unreasonable effectiveness of recurrent neural networks; William Shakespeare, about 1590 to 1613",
    ),
    "multi30k": Remote(
        title="Multi30k",
        mirrors=(
            "https://raw.githubusercontent.com/multi30k/dataset/master/data/task1/raw/",
        ),
        files={
            "test_2016_flickr.en.gz": "611d361c6334bc7246101d48097c13cf5c4413c5befc793cc629934359d532d9",
            "test_2016_flickr.fr.gz": "6d326e188d259fb1d04ac19eae3af956559b3a0b93d7635e56c90987c40c8b90",
            "train.en.gz": "d79cfa999dd4c51d2cb42499b6796d5a882c3a8a961923c25a898c90f8bbd56f",
            "train.fr.gz": "622e75069e9f4c577425c4f277116ce66e63a2401c0a2312d90073cb12379a3c",
            "val.en.gz": "14f7d25ddd868909a9213e361768460edcacdd6ab9d1e77b92560dc10c10dc28",
            "val.fr.gz": "ca3106f1a72390591d25f6c45cb4cd39dec4cd3f123e099748a3ce5256c160e9",
        },
        megabytes=1.3,
        license="not stated where it is published",
        citation="Elliott, Frank, Sima'an, Specia (2016), Multi30K: multilingual English-German image descriptions, Workshop on Vision and Language; French by Elliott and others (2017), WMT",
    ),
}

PICTURES = {  # file, by whom, terms; pictures whose terms scikit-image does not state are out
    "astronaut": ("astronaut.png", "NASA: Eileen Collins", "public domain"),
    "brick": ("brick.png", "CC0Textures", "CC0"),
    "camera": ("camera.png", "Lav Varshney", "CC0"),
    "cat": ("chelsea.png", "Stefan van der Walt", "CC0"),
    "cell": ("cell.png", "Paul Müller and others (2018), Optics Express 26(8)", "CC0"),
    "coffee": ("coffee.png", "Rachel Michetti, Pikolo Espresso Bar", "CC0"),
    "coins": ("coins.png", "Brooklyn Museum", "no known restrictions"),
    "galaxies": ("hubble_deep_field.jpg", "NASA, Hubble", "public domain"),
    "grass": ("grass.png", "CC0 textures", "CC0"),
    "gravel": ("gravel.png", "CC0Textures", "CC0"),
    "microaneurysms": ("microaneurysms.png", "Andreas Maier", "CC0"),
    "retina": ("retina.jpg", "Mikael Häggström (2014)", "CC0"),
    "rocket": ("rocket.jpg", "SpaceX", "public domain"),
    "tissue": (
        "ihc.png",
        "Center for Microscopy and Molecular Imaging",
        "no known restrictions",
    ),
}
