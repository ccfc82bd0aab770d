/* codec/pth_names.c - every name that a .pth file may say. */
#include "codec/pth_parts.h"

#define NAME(module, name, tag, value)             \
    {                                              \
        module, name, CVYI_PICKLE_NAME, tag, value \
    }
#define CALL(module, name, tag)                \
    {                                          \
        module, name, CVYI_PICKLE_CALL, tag, 0 \
    }
#define MAP(module, name)                                \
    {                                                    \
        module, name, CVYI_PICKLE_MAP, CVYI_PTH_OTHER, 0 \
    }
#define STORAGE(name, dtype) NAME("torch", name, CVYI_PTH_STORAGE, dtype)
#define DTYPE(name, dtype) NAME("torch", name, CVYI_PTH_DTYPE, dtype)
#define FOREIGN(name) NAME("torch", name, CVYI_PTH_FOREIGN, 0)

/* The last rows occur beside the weights, in a checkpoint of a training. */
static const cvyi_pickle_name list[] = {
    /* clang-format off */
    MAP("collections", "OrderedDict"),
    CALL("torch._utils", "_rebuild_tensor", CVYI_PTH_TENSOR_1),
    CALL("torch._utils", "_rebuild_tensor_v2", CVYI_PTH_TENSOR_2),
    CALL("torch._utils", "_rebuild_tensor_v3", CVYI_PTH_TENSOR_3),
    CALL("torch._utils", "_rebuild_parameter", CVYI_PTH_PARAMETER),
    CALL("torch._utils", "_rebuild_parameter_with_state", CVYI_PTH_PARAMETER),
    CALL("torch._tensor", "_rebuild_from_type_v2", CVYI_PTH_FROM_TYPE),
    STORAGE("FloatStorage", CVY_F32),
    STORAGE("DoubleStorage", CVY_F64),
    STORAGE("HalfStorage", CVY_F16),
    STORAGE("BFloat16Storage", CVY_BF16),
    STORAGE("LongStorage", CVY_I64),
    STORAGE("IntStorage", CVY_I32),
    STORAGE("ShortStorage", CVY_I16),
    STORAGE("CharStorage", CVY_I8),
    STORAGE("ByteStorage", CVY_U8),
    STORAGE("BoolStorage", CVY_BOOL),
    FOREIGN("ComplexFloatStorage"),
    FOREIGN("ComplexDoubleStorage"),
    NAME("torch.storage", "UntypedStorage", CVYI_PTH_BYTES, 0),
    DTYPE("float32", CVY_F32),
    DTYPE("float64", CVY_F64),
    DTYPE("float16", CVY_F16),
    DTYPE("bfloat16", CVY_BF16),
    DTYPE("int64", CVY_I64),
    DTYPE("int32", CVY_I32),
    DTYPE("int16", CVY_I16),
    DTYPE("int8", CVY_I8),
    DTYPE("uint8", CVY_U8),
    DTYPE("bool", CVY_BOOL),
    FOREIGN("uint16"),
    FOREIGN("uint32"),
    FOREIGN("uint64"),
    FOREIGN("complex64"),
    FOREIGN("complex128"),
    FOREIGN("float8_e4m3fn"),
    FOREIGN("float8_e4m3fnuz"),
    FOREIGN("float8_e5m2"),
    FOREIGN("float8_e5m2fnuz"),
    NAME("torch", "Tensor", CVYI_PTH_OTHER, 0),
    NAME("torch.nn.parameter", "Parameter", CVYI_PTH_OTHER, 0),
    NAME("torch.nn.parameter", "Buffer", CVYI_PTH_OTHER, 0),
    MAP("collections", "defaultdict"),
    CALL("collections", "Counter", CVYI_PTH_OTHER),
    CALL("torch", "Size", CVYI_PTH_OTHER),
    CALL("torch", "device", CVYI_PTH_OTHER),
    CALL("_codecs", "encode", CVYI_PTH_OTHER),
    CALL("builtins", "set", CVYI_PTH_OTHER),
    CALL("__builtin__", "set", CVYI_PTH_OTHER),
    NAME("builtins", "int", CVYI_PTH_OTHER, 0),
    NAME("__builtin__", "int", CVYI_PTH_OTHER, 0),
    NAME("__builtin__", "long", CVYI_PTH_OTHER, 0),
    NAME("builtins", "float", CVYI_PTH_OTHER, 0),
    NAME("__builtin__", "float", CVYI_PTH_OTHER, 0),
    NAME("builtins", "list", CVYI_PTH_OTHER, 0),
    NAME("__builtin__", "list", CVYI_PTH_OTHER, 0),
    NAME("builtins", "dict", CVYI_PTH_OTHER, 0),
    NAME("__builtin__", "dict", CVYI_PTH_OTHER, 0),
    /* clang-format on */
};

const cvyi_pickle_names cvyi_pth_names = {
    .list = list,
    .n = sizeof list / sizeof *list,
    .advice = "save model.state_dict() instead",
};
