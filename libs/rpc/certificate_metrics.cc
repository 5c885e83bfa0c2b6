#include "libs/rpc/certificate_metrics.h"

#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>
#include <ctime>
#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "libs/telemetry/metrics.h"

namespace sifa::rpc {
namespace {

// The earliest end of those in the file, Unix time.
std::optional<int64_t> EndOf(const std::string& path) {
  const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "r"), [](FILE* f) { return f ? std::fclose(f) : 0; });
  std::optional<int64_t> end;
  while (file != nullptr) {
    const std::unique_ptr<X509, void (*)(X509*)> certificate(PEM_read_X509(file.get(), nullptr, nullptr, nullptr), X509_free);
    tm time{};
    if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &time) != 1) break;
    const int64_t its_end = timegm(&time);
    end = end ? std::min(*end, its_end) : its_end;
  }
  return end;
}

}  // namespace

void MeasureCertificates(const std::string& directory, const std::string& use) {
  telemetry::OnScrape([directory, use] {
    for (const char* file : {"cert", "ca"}) {
      const auto end = EndOf(absl::StrCat(directory, "/", file, ".pem"));
      if (!end) continue;
      telemetry::Gauge("sifa_certificate_end_time_seconds", "When a certificate that this process uses ends, Unix time",
                       {{"use", use}, {"file", file}})
          .Set(static_cast<double>(*end));
    }
  });
}

}  // namespace sifa::rpc
