from .layers import *
from .detector import Detector
