// When the certificates of a process end, among its metrics: nothing else tells it before they do.
#pragma once

#include <string>

namespace sifa::rpc {

// Read anew at each scrape. `directory` has cert.pem and perhaps ca.pem; `use` names it: "peers", "https". A file that is not
// there, or is none, has no series.
void MeasureCertificates(const std::string& directory, const std::string& use);

}  // namespace sifa::rpc
