"""Operations that are no layers."""

from parts import layer, with_config


def operations():
    def case(name, class_name, args, options=None, module="numpy", index=None):
        def change(config):
            entry = layer(config, "multiply")
            first = entry["inbound_nodes"][0]["args"][0][0]
            given = [first if item == "x" else item for item in args]
            entry["module"] = f"keras.src.ops.{module}"
            entry["class_name"] = class_name
            entry["config"] = {"name": "multiply", **(options or {})}
            entry["inbound_nodes"] = [{"args": given, "kwargs": {}}]
            if index is not None:
                ends = config["config"]["output_layers"]
                ends["all"][0] = ["multiply", 0, index]

        with_config(f"operation_{name}", change)

    ends = {"start": None, "stop": None, "step": None}
    whole = {"class_name": "__slice__", "config": ends}
    case("unknown", "Sort", ["x"], {"axis": 1})
    case("batch_flipped", "Flip", ["x"], {"axis": [0, 1]})
    case("batch_rolled", "Roll", ["x"], {"shift": 1, "axis": None})
    case("roll_uneven", "Roll", ["x"], {"shift": [1, 2], "axis": [1]})
    case("batch_tiled", "Tile", ["x"], {"repeats": [2, 1]})
    case("tile_of_text", "Tile", ["x"], {"repeats": "twice"})
    case("batch_repeated", "Repeat", ["x"], {"repeats": 2, "axis": None})
    case("repeat_huge", "Repeat", ["x"], {"repeats": 2**62, "axis": 1})
    case("argument_unknown", "Multiply", ["x", 2], {"wings": 2})
    case("argument_twice", "Relu", ["x"], {"x": 1}, "nn")
    case("argument_wrong", "Multiply", ["x", "twice"])
    case("without_tensor", "Multiply", [2, 3])
    case("of_batch", "GetItem", ["x", 0])
    case("element_beyond", "GetItem", ["x", [whole, 99]])
    case("slice_of_text", "GetItem", ["x", [whole, {**whole, "config": "all"}]])
    case("output_beyond", "Relu", ["x"], module="nn", index=5000)
    case("output_second", "Relu", ["x"], module="nn", index=1)
    case("part_beyond", "Split", ["x"], {"indices_or_sections": 2, "axis": 1}, index=2)
    case("parts_uneven", "Split", ["x"], {"indices_or_sections": 3, "axis": 1}, index=0)
    case("elements", "Reshape", ["x"], {"newshape": [-1, 7]})
