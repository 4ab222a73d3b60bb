"""VTK's side of `npm run bench -- kernels`: reads one command a line, answers with milliseconds, and writes the image as raw int16 or RGB."""
import json
import sys
import time

import vtkmodules.vtkRenderingOpenGL2  # noqa: F401
import vtkmodules.vtkRenderingVolumeOpenGL2  # noqa: F401
from vtkmodules.vtkCommonCore import vtkMultiThreader, vtkSMPTools
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkPiecewiseFunction
from vtkmodules.vtkCommonMath import vtkMatrix4x4
from vtkmodules.vtkImagingCore import vtkImageReslice
from vtkmodules.vtkImagingGeneral import vtkImageSlabReslice
from vtkmodules.vtkIOImage import vtkImageReader2
from vtkmodules.vtkRenderingCore import (
    vtkColorTransferFunction, vtkRenderer, vtkRenderWindow, vtkVolume, vtkVolumeProperty, vtkWindowToImageFilter)
from vtkmodules.vtkRenderingVolume import vtkFixedPointVolumeRayCastMapper

state = {}


class Timer:
    def __enter__(self):
        self.wall, self.cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_):
        self.wall, self.cpu = time.perf_counter() - self.wall, time.process_time() - self.cpu

    def took(self):
        return {"ms": self.wall * 1000, "cpuMs": self.cpu * 1000}


def load(c):
    vtkMultiThreader.SetGlobalMaximumNumberOfThreads(c["threads"])
    vtkMultiThreader.SetGlobalDefaultNumberOfThreads(c["threads"])
    vtkSMPTools.Initialize(c["threads"])
    reader = vtkImageReader2()
    reader.SetFileName(c["file"])
    reader.SetFileDimensionality(3)
    reader.SetDataScalarTypeToShort()
    reader.SetDataByteOrderToLittleEndian()
    reader.FileLowerLeftOn()
    nx, ny, nz = c["size"]
    reader.SetDataExtent(0, nx - 1, 0, ny - 1, 0, nz - 1)
    reader.SetDataSpacing(*c["spacingMm"])
    reader.Update()
    image = vtkImageData()
    image.ShallowCopy(reader.GetOutput())
    state.clear()
    state.update(image=image, threads=c["threads"])
    return {"ms": 0, "cpuMs": 0}


def axes(plane):
    matrix = vtkMatrix4x4()
    for row in range(3):
        for column, name in enumerate(("right", "down", "through", "origin")):
            matrix.SetElement(row, column, plane[name][row])
    return matrix


def sample(c):
    plane = c["plane"]
    filter = vtkImageReslice() if c["op"] == "reslice" else vtkImageSlabReslice()
    filter.SetInputData(state["image"])
    filter.SetNumberOfThreads(state["threads"])
    filter.SetResliceAxes(axes(plane))
    filter.SetInterpolationModeToLinear()
    filter.SetOutputSpacing(plane["pixelMm"], plane["pixelMm"], 1)
    filter.SetOutputOrigin(0, 0, 0)
    filter.SetOutputExtent(0, plane["columns"] - 1, 0, plane["rows"] - 1, 0, 0)
    filter.SetOutputDimensionality(2)
    # Half a voxel beyond the last centres nothing was measured, and ours invents nothing.
    filter.BorderOff()
    filter.SetBackgroundLevel(-32768)
    if c["op"] == "slab":
        filter.SetBlendModeToMax()
        filter.SetSlabThickness(c["thicknessMm"])
        filter.SetSlabResolution(c["stepMm"])
    with Timer() as timer:
        filter.Update()
    with open(c["out"], "wb") as file:
        file.write(memoryview(filter.GetOutput().GetPointData().GetScalars()))
    return timer.took()


def scene(c):
    mapper = vtkFixedPointVolumeRayCastMapper()
    mapper.SetInputData(state["image"])
    mapper.SetNumberOfThreads(state["threads"])
    mapper.AutoAdjustSampleDistancesOff()
    mapper.LockSampleDistanceToInputSpacingOff()
    mapper.SetSampleDistance(c["stepMm"])
    mapper.SetImageSampleDistance(1)
    mapper.IntermixIntersectingGeometryOff()
    if c["op"] == "largest":
        mapper.SetBlendModeToMaximumIntensity()
    look = largest(c["greyRange"]) if c["op"] == "largest" else shaded(c)
    volume = vtkVolume()
    volume.SetMapper(mapper)
    volume.SetProperty(look)
    renderer = vtkRenderer()
    renderer.SetBackground(0, 0, 0)
    renderer.AddVolume(volume)
    window = vtkRenderWindow()
    window.SetOffScreenRendering(1)
    window.SetMultiSamples(0)
    window.SetSize(c["plane"]["columns"], c["plane"]["rows"])
    window.AddRenderer(renderer)
    renderer.GetActiveCamera().ParallelProjectionOn()
    return window, renderer


def largest(grey):
    colour, opacity = vtkColorTransferFunction(), vtkPiecewiseFunction()
    colour.AddRGBPoint(grey["low"], 0, 0, 0)
    colour.AddRGBPoint(grey["high"], 1, 1, 1)
    opacity.AddPoint(grey["low"], 1)
    look = vtkVolumeProperty()
    look.SetColor(colour)
    look.SetScalarOpacity(opacity)
    look.SetInterpolationTypeToLinear()
    look.ShadeOff()
    return look


def shaded(c):
    colour, opacity = vtkColorTransferFunction(), vtkPiecewiseFunction()
    for point in c["look"]["points"]:
        colour.AddRGBPoint(point["value"], *point["rgb"])
        # Per unit distance VTK wants the opacity of that distance, and is exact where the curve is sampled.
        opacity.AddPoint(point["value"], 1 - 2.718281828459045 ** -point["opacityPerMm"])
    look = vtkVolumeProperty()
    look.SetColor(colour)
    look.SetScalarOpacity(opacity)
    look.SetScalarOpacityUnitDistance(1)
    look.SetInterpolationTypeToLinear()
    look.ShadeOn()
    look.SetAmbient(c["look"]["ambient"])
    look.SetDiffuse(c["look"]["diffuse"])
    look.SetSpecular(c["look"]["specular"])
    look.SetSpecularPower(c["look"]["shininess"])
    return look


def render(c):
    with Timer() as timer:
        if c["op"] not in state:
            state[c["op"]] = scene(c)
        window, renderer = state[c["op"]]
        aim(c, renderer.GetActiveCamera())
        window.Render()
    grab = vtkWindowToImageFilter()
    grab.SetInput(window)
    grab.ReadFrontBufferOff()
    grab.Update()
    with open(c["out"], "wb") as file:
        file.write(memoryview(grab.GetOutput().GetPointData().GetScalars()))
    return timer.took()


def aim(c, camera):
    plane = c["plane"]
    half = [(plane["columns"] - 1) / 2 * plane["pixelMm"], (plane["rows"] - 1) / 2 * plane["pixelMm"]]
    focus = [plane["origin"][i] + half[0] * plane["right"][i] + half[1] * plane["down"][i] for i in range(3)]
    camera.SetPosition(*focus)
    camera.SetFocalPoint(*[focus[i] + plane["through"][i] for i in range(3)])
    camera.SetViewUp(*[-one for one in plane["down"]])
    camera.SetParallelScale(plane["rows"] / 2 * plane["pixelMm"])
    camera.SetClippingRange(0.1, c["depthMm"])


operations = {"load": load, "reslice": sample, "slab": sample, "render": render, "largest": render}
for line in sys.stdin:
    command = json.loads(line)
    print(json.dumps(operations[command["op"]](command)), flush=True)
