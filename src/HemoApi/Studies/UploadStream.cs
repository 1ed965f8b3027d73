using System.Buffers;
using System.Security.Cryptography;
using HemoApi.Imaging;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace HemoApi.Studies;

/// <summary>Brings the body of a request to disk as it arrives: in constant memory, hashed, and cut off at the size limit.</summary>
public sealed class UploadStream(IOptions<IntakeOptions> options, IOptions<StorageOptions> storage, UploadDisk disk)
{
    private const int BufferBytes = 1 << 17;
    private const long RoomCheckBytes = 64L << 20;
    private static readonly string[] ZipTypes = ["application/zip", "application/x-zip-compressed", "application/octet-stream"];

    /// <param name="mediaTypes">What the body may be, beside a form; a zip where absent.</param>
    /// <returns>The file, to be disposed of by the caller; or upload.empty, upload.truncated, upload.too_large,
    /// media.unsupported, request.invalid (a form that is not one file), storage.full. A refusal leaves no file.</returns>
    public async Task<Outcome<UploadStreamFile>> Receive(HttpRequest request, CancellationToken cancellationToken, IReadOnlyList<string>? mediaTypes = null)
    {
        Prepare(request.HttpContext);
        if (request.ContentLength > options.Value.MaxUploadBytes)
        {
            return IntakeFaults.TooLarge(options.Value.MaxUploadBytes);
        }

        if (!disk.HasRoomFor(request.ContentLength ?? 0))
        {
            return StorageFull.Fault;
        }

        // A zip is compressed already; bodies that are inflated on the way in are bombs that no limit of the zip sees.
        if (request.Headers.ContentEncoding.Any(coding => !"identity".Equals(coding, StringComparison.OrdinalIgnoreCase)))
        {
            return IntakeFaults.Encoded();
        }

        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var media))
        {
            return request.ContentLength == 0 ? IntakeFaults.Empty() : IntakeFaults.Media("The request names no media type.");
        }

        if ((mediaTypes ?? ZipTypes).Contains(media.MediaType.Value, StringComparer.OrdinalIgnoreCase))
        {
            return await Save(request.Body, cancellationToken);
        }

        if (!media.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            return IntakeFaults.Media("The media type of the request is not one that HemoApi reads.");
        }

        var boundary = HeaderUtilities.RemoveQuotes(media.Boundary).Value;
        return boundary is { Length: > 0 and <= 70 } // RFC 2046, 5.1.1
            ? await SaveForm(new MultipartReader(boundary, request.Body), cancellationToken)
            : IntakeFaults.Form("The form names no boundary.");
    }

    private void Prepare(HttpContext context)
    {
        // This limit replaces the server's, which is made for requests of JSON.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = new(options.Value.MinBodyBytesPerSecond, TimeSpan.FromSeconds(options.Value.SlowBodyGraceSeconds));
        }
    }

    private async Task<Outcome<UploadStreamFile>> SaveForm(MultipartReader reader, CancellationToken cancellationToken)
    {
        UploadStreamFile? file = null;
        try
        {
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                if (section.GetContentDispositionHeader()?.IsFileDisposition() != true || file is not null)
                {
                    return IntakeFaults.Form("The form holds something else than one file.");
                }

                if (!(await Save(section.Body, cancellationToken)).TryGet(out file, out var fault))
                {
                    return fault;
                }
            }

            var whole = file;
            file = null;
            return whole is null ? IntakeFaults.Form("The form holds no file.") : whole;
        }
        catch (InvalidDataException)
        {
            return IntakeFaults.Form("The form's headers cannot be read.");
        }
        catch (IOException e) when (!StorageFull.Is(e))
        {
            return IntakeFaults.Truncated("The form ended before its last boundary.");
        }
        finally
        {
            file?.Dispose();
        }
    }

    private async Task<Outcome<UploadStreamFile>> Save(Stream body, CancellationToken cancellationToken)
    {
        UploadStreamFile? file = UploadStreamFile.Create(storage.Value.IncomingFolder);
        try
        {
            if (await Copy(body, file, cancellationToken) is { } fault)
            {
                return fault;
            }

            var whole = file;
            file = null;
            return whole;
        }
        finally
        {
            file?.Dispose();
        }
    }

    private async Task<Fault?> Copy(Stream body, UploadStreamFile file, CancellationToken cancellationToken)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (true)
            {
                int read;
                try
                {
                    read = await body.ReadAsync(buffer, cancellationToken);
                }
                catch (IOException)
                {
                    return IntakeFaults.Truncated($"The upload broke off after {file.Bytes} bytes.");
                }

                if (read == 0)
                {
                    file.Complete(sha256.GetHashAndReset());
                    return file.Bytes == 0 ? IntakeFaults.Empty() : null;
                }

                if (file.Bytes + read > options.Value.MaxUploadBytes)
                {
                    return IntakeFaults.TooLarge(options.Value.MaxUploadBytes);
                }

                sha256.AppendData(buffer, 0, read);
                await file.Append(buffer.AsMemory(0, read), cancellationToken);
                if (file.Bytes % RoomCheckBytes < read && !disk.HasRoomFor(0))
                {
                    return StorageFull.Fault;
                }
            }
        }
        catch (IOException e) when (StorageFull.Is(e))
        {
            return StorageFull.Fault;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
