using HemoApi.Imaging.Export;
using HemoApi.Imaging.Masks;

namespace HemoApi.Training.Evaluation;

/// <summary>Image, reference and mask of studies as NIfTI, to look at what a model did.</summary>
internal sealed class StudyVolumes(string folder)
{
    public void Write(EvaluationStudy study, LabelVolume mask)
    {
        Directory.CreateDirectory(folder);
        using var image = File.Create(Path.Combine(folder, $"{study.Name}.image.nii.gz"));
        NiftiWriter.WriteImage(study.Image, image);
        using var reference = File.Create(Path.Combine(folder, $"{study.Name}.reference.nii.gz"));
        NiftiWriter.WriteMask(study.Reference, reference);
        using var found = File.Create(Path.Combine(folder, $"{study.Name}.mask.nii.gz"));
        NiftiWriter.WriteMask(mask, found);
    }
}
