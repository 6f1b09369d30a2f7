"""STEP3-VL in this process, from transformers' native parts: no remote code, no torchvision.

Importing this registers the model with transformers' Auto classes, so that these load the original checkpoint too.
"""

from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForImageTextToText, AutoProcessor

from inference.local.step_vl.config import StepVLConfig
from inference.local.step_vl.layout import Layout, fit, image_tokens, plan
from inference.local.step_vl.loading import load
from inference.local.step_vl.model import StepVLForConditionalGeneration
from inference.local.step_vl.processing import StepVLProcessor

AutoConfig.register(StepVLConfig.model_type, StepVLConfig, exist_ok=True)
AutoModelForCausalLM.register(StepVLConfig, StepVLForConditionalGeneration, exist_ok=True)
AutoModelForImageTextToText.register(StepVLConfig, StepVLForConditionalGeneration, exist_ok=True)
AutoProcessor.register(StepVLConfig, StepVLProcessor, exist_ok=True)

__all__ = [
    "Layout",
    "StepVLConfig",
    "StepVLForConditionalGeneration",
    "StepVLProcessor",
    "fit",
    "image_tokens",
    "load",
    "plan",
]
