{{- /* What a schema cannot say: values that fit each other. Each refusal is one plain sentence. */}}
{{- define "sifa.validate" -}}
{{- $v := .Values }}
{{- if not $v.image.repository }}{{ fail "image.repository is empty: push the image of deploy/image.sh to your registry and name it here." }}{{ end }}
{{- if not (or $v.image.tag $v.image.digest) }}{{ fail "image.tag and image.digest are empty: say which image." }}{{ end }}
{{- if eq $v.image.tag "latest" }}{{ fail "image.tag is latest: name a version, or nobody knows what runs." }}{{ end }}
{{- if not $v.database.host }}{{ fail "database.host is empty: say where the database is." }}{{ end }}
{{- if not (or $v.database.ca.configMap $v.database.ca.secret) }}{{ fail "database.ca names neither configMap nor secret: a database on another machine is reached with TLS only." }}{{ end }}
{{- if and $v.database.ca.configMap $v.database.ca.secret }}{{ fail "database.ca names a configMap and a secret: choose one." }}{{ end }}
{{- if and $v.tls.certManager.enabled (not $v.tls.certManager.issuer.name) }}{{ fail "tls.certManager is enabled and names no issuer." }}{{ end }}
{{- if not (hasKey $v.services "identity") }}{{ fail "services has no identity: every service asks it for the keys of tokens." }}{{ end }}
{{- if not (hasKey $v.services "gateway") }}{{ fail "services has no gateway: nobody would get in." }}{{ end }}
{{- range $name, $own := $v.services }}
{{- range $other := $own.calls }}
{{- if and (ne $other "*") (not (hasKey $v.services $other)) }}{{ fail (printf "services.%s calls %s, which is not in services." $name $other) }}{{ end }}
{{- end }}
{{- $database := ne (toString $own.database) "false" }}
{{- if and $own.witness (not $database) }}{{ fail (printf "services.%s has a witness and no database: it keeps no journal." $name) }}{{ end }}
{{- with $own.witness }}
{{- if not (hasKey $v.services .) }}{{ fail (printf "services.%s is witnessed by %s, which is not in services." $name .) }}{{ end }}
{{- if eq . $name }}{{ fail (printf "services.%s cannot be its own witness." $name) }}{{ end }}
{{- if not (or (has . $own.calls) (has "*" $own.calls)) }}{{ fail (printf "services.%s is witnessed by %s and may not call it: add it to calls." $name .) }}{{ end }}
{{- end }}
{{- if and (hasKey $own "replicas") (hasKey $own "autoscaling") }}{{ if $own.autoscaling.enabled }}{{ fail (printf "services.%s has replicas and autoscaling: with autoscaling minReplicas says how many there are at least." $name) }}{{ end }}{{ end }}
{{- $process := fromYaml (include "sifa.process" (dict "root" $ "name" $name)) }}
{{- if gt (int $process.autoscaling.minReplicas) (int $process.autoscaling.maxReplicas) }}{{ fail (printf "services.%s: autoscaling.minReplicas is greater than maxReplicas." $name) }}{{ end }}
{{- if gt (len (printf "%s-verify-%s" (include "sifa.fullname" $) $name)) 52 }}{{ fail (printf "The name of the release is too long for %s: %s-verify-%s has more than the 52 letters that a CronJob may have." $name (include "sifa.fullname" $) $name) }}{{ end }}
{{- end }}
{{- if and $v.backup.enabled (not $v.backup.claim) }}{{ fail "backup is enabled and names no claim: say where the dumps go." }}{{ end }}
{{- if and (contains "," $v.redis.address) (not $v.redis.sentinel) }}{{ fail "redis.address names several and redis.sentinel no master: several addresses are those of sentinels." }}{{ end }}
{{- if $v.networkPolicy.enabled }}
{{- if not $v.networkPolicy.database }}{{ fail "networkPolicy.database is empty: nothing would reach the database. Name its peers, e.g. [{ipBlock: {cidr: 10.0.0.5/32}}]." }}{{ end }}
{{- if and $v.redis.address (not $v.networkPolicy.redis) }}{{ fail "networkPolicy.redis is empty: nothing would reach Redis. Name its peers, or leave redis.address empty." }}{{ end }}
{{- if and $v.monitoring.serviceMonitor (not $v.networkPolicy.monitoring) }}{{ fail "networkPolicy.monitoring is empty: Prometheus would reach no process. Name its peers." }}{{ end }}
{{- end }}
{{- end }}
