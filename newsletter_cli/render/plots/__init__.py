"""Plots: numbers → where bars, lines and words stand in a drawing. Pure; a template draws what is laid out here.

Lengths are CSS pixels of the drawing, `y` grows downwards, as in SVG. Nothing lies outside the drawing, and no two
words of one axis touch. Text is measured with a wide sans serif in mind: browsers set it narrower rather than wider.
"""
