"""Calls that lead nowhere or in a circle."""

from parts import history, layer, with_config


def calls():
    def setting(name, at, i, value):
        return lambda c: history(c, name).__setitem__(i, value)

    with_config("cycle", setting("conv2d", 0, 0, "multiply"))
    with_config("calls_itself", setting("conv2d", 0, 0, "conv2d"))
    with_config("source_unknown", setting("conv2d", 0, 0, "nobody"))
    with_config("node_negative", setting("conv2d", 0, 1, -1))
    with_config("node_too_large", setting("conv2d", 0, 1, 1))
    with_config("index_too_large", setting("conv2d", 0, 2, 7))
    with_config("history_short", lambda c: history(c, "mix").pop())
    with_config("never_called", lambda c: layer(c, "mix").update(inbound_nodes=[]))
    with_config(
        "nodes_missing",
        lambda c: layer(c, "mix").pop("inbound_nodes") and None,
    )
    with_config(
        "input_called",
        lambda c: layer(c, "left").update(
            inbound_nodes=layer(c, "mix")["inbound_nodes"]
        ),
    )
    with_config(
        "input_not_listed",
        lambda c: c["config"].update(input_layers=["right", 0, 0]),
    )
    with_config(
        "input_twice",
        lambda c: c["config"].update(
            input_layers=[["right", 0, 0], ["left", 0, 0], ["left", 0, 0]]
        ),
    )
    with_config(
        "input_no_input",
        lambda c: c["config"].update(input_layers=["mix", 0, 0]),
    )
    with_config(
        "output_unknown",
        lambda c: c["config"].update(output_layers=["nobody", 0, 0]),
    )
    with_config(
        "output_node_too_large",
        lambda c: c["config"].update(output_layers=["sum", 1, 0]),
    )
    with_config("output_deep", lambda c: c["config"].update(output_layers=nested(60)))
    with_config("outputs_missing", lambda c: c["config"].pop("output_layers") and None)
    with_config(
        "layer_unused",
        lambda c: c["config"].update(output_layers=["sum", 0, 0]),
    )
    with_config(
        "shape_recorded_wrong",
        lambda c: layer(c, "mix")["inbound_nodes"][0]["args"][0]["config"].update(
            shape=[None, 5]
        ),
    )


def nested(depth):
    return ["sum", 0, 0] if depth == 0 else [nested(depth - 1)]
