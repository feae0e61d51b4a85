"""Figures of the course: each function draws one kind and returns it, `show` puts it into the notebook with its alt text.

Colours are those of Okabe and Ito, which colour-blind readers can tell apart. A line style or a mark always says the same as the colour.
A figure is drawn in the file of the lesson that needed it first: a function that returns a `Figure`, under `@styled`, and under `@told`
with the function `_say_…` beside it that says in words what is drawn, from the same arguments, so that it is always true.
Diagrams draw on `paper`, whose unit is the inch.
"""

from nnlab.plots._paper import (
    BLUE,
    CSS_DPI,
    DARK,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PURPLE,
    SIGN,
    SKY,
    STYLE,
    VERMILLION,
    WIDTH,
    compact,
    image,
    picture,
    show,
)
from nnlab.plots.activations import approximation, curves, landscapes, with_derivative
from nnlab.plots.backpropagation import computational_graph, descents, graph_places, shares_back
from nnlab.plots.forward_propagation import feedback, layer_shapes, network, road_graph, topologies
from nnlab.plots.model_selection import belief, darts, minds, survivors
from nnlab.plots.mp_neuron import nerve_cell, separation, threshold_unit
from nnlab.plots.optimizers import noise, ravine, saturation, schedules, weight_pictures
from nnlab.plots.overfitting import fits, gains, learning, spread, valley
from nnlab.plots.regression import digits, ellipses, lines, residuals, squares
from nnlab.plots.road import road_map
from nnlab.plots.traffic_classifier import compared, confusion, cost_curves, roc_curves, state_plane
from nnlab.plots.vanishing_gradients import activation_histograms, factor_curves, gradient_stairs, start_sweep

__all__ = [
    "BLUE",
    "CSS_DPI",
    "DARK",
    "GREEN",
    "GREY",
    "INK",
    "ORANGE",
    "PURPLE",
    "SIGN",
    "SKY",
    "STYLE",
    "VERMILLION",
    "WIDTH",
    "activation_histograms",
    "approximation",
    "belief",
    "compact",
    "compared",
    "computational_graph",
    "confusion",
    "cost_curves",
    "curves",
    "darts",
    "descents",
    "digits",
    "ellipses",
    "factor_curves",
    "feedback",
    "fits",
    "gains",
    "gradient_stairs",
    "graph_places",
    "image",
    "landscapes",
    "layer_shapes",
    "learning",
    "lines",
    "minds",
    "nerve_cell",
    "network",
    "noise",
    "picture",
    "ravine",
    "residuals",
    "road_graph",
    "road_map",
    "roc_curves",
    "saturation",
    "schedules",
    "separation",
    "shares_back",
    "show",
    "spread",
    "squares",
    "start_sweep",
    "state_plane",
    "survivors",
    "threshold_unit",
    "topologies",
    "valley",
    "weight_pictures",
    "with_derivative",
]
