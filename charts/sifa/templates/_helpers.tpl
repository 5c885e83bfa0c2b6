{{- define "sifa.fullname" -}}
{{- if contains "sifa" .Release.Name }}{{ .Release.Name }}{{ else }}{{ .Release.Name }}-sifa{{ end }}
{{- end }}

{{- /* (dict "root" $ "component" name) */}}
{{- define "sifa.selector" -}}
app.kubernetes.io/name: sifa
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "sifa.labels" -}}
{{ include "sifa.selector" . }}
app.kubernetes.io/part-of: sifa
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{- define "sifa.image" -}}
{{ .Values.image.repository }}{{ with .Values.image.tag }}:{{ . }}{{ end }}{{ with .Values.image.digest }}@{{ . }}{{ end }}
{{- end }}

{{- /* Everything in `defaults` that a process does not say itself: YAML of the whole. (dict "root" $ "name" name) */}}
{{- define "sifa.process" -}}
{{- $own := deepCopy (index .root.Values.services .name) }}
{{- $process := mergeOverwrite (deepCopy .root.Values.defaults) $own }}
{{- $_ := set $process "database" (ne (toString (index $own "database")) "false") }}
{{- $calls := list }}
{{- range $other, $its := .root.Values.services }}
{{- if and (ne (toString $its.database) "false") (or (has $other $own.calls) (and (has "*" $own.calls) (ne $other $.name))) }}
{{- $calls = append $calls $other }}
{{- end }}
{{- end }}
{{- $_ := set $process "calls" $calls }}
{{- toYaml $process }}
{{- end }}

{{- define "sifa.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "sifa.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- /* What every pod has beside its containers. */}}
{{- define "sifa.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  {{- include "sifa.podSecurity" . | nindent 2 }}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with .Values.pods.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.pods.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.pods.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}

{{- define "sifa.databaseFlags" -}}
- --mysql={{ .root.Values.database.host }}:{{ .root.Values.database.port }}
- --mysql_tls_ca=/run/sifa/database/ca.pem
- --mysql_user={{ .user }}
- --mysql_password_file=/run/sifa/password/password
- --mysql_database=sifa_{{ .name }}
{{- end }}

{{- define "sifa.databaseCa" -}}
- name: database-ca
  {{- with .Values.database.ca.secret }}
  secret:
    secretName: {{ . }}
  {{- else }}
  configMap:
    name: {{ .Values.database.ca.configMap }}
  {{- end }}
    items: [{key: {{ .Values.database.ca.key }}, path: ca.pem}]
{{- end }}

{{- /* One password out of a Secret of several. (dict "volume" … "secret" … "name" …) */}}
{{- define "sifa.password" -}}
- name: {{ .volume }}
  secret:
    secretName: {{ .secret }}
    defaultMode: 0440
    items: [{key: {{ .name }}, path: password}]
{{- end }}

{{- /* The keyring: files of root that the pod's group may read, on a mount that nobody can write. */}}
{{- define "sifa.keys" -}}
- name: keys
  secret:
    secretName: {{ .root.Values.keys.secretPrefix }}{{ .name }}
    defaultMode: 0440
    items: [{key: keyring, path: keyring}, {key: master.key, path: master.key}]
{{- end }}

{{- define "sifa.smallResources" -}}
requests: {cpu: 10m, memory: 16Mi}
limits: {memory: 64Mi}
{{- end }}

{{- define "sifa.jobResources" -}}
requests: {cpu: 100m, memory: 128Mi}
limits: {memory: 1Gi}
{{- end }}
