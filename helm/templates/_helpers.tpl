{{- define "hemoapi.name" -}}{{ .Release.Name | trunc 50 | trimSuffix "-" }}-hemoapi{{- end -}}
{{- define "hemoapi.labels" -}}
app.kubernetes.io/name: hemoapi
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}
{{- define "hemoapi.selector" -}}
app.kubernetes.io/name: hemoapi
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}
{{- define "hemoapi.image" -}}
image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
imagePullPolicy: {{ .Values.image.pullPolicy }}
{{- end -}}
{{- define "hemoapi.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile: { type: RuntimeDefault }
{{- end -}}
{{- define "hemoapi.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}
{{- define "hemoapi.probes" -}}
livenessProbe:
  httpGet: { path: /health/live, port: http }
  periodSeconds: 10
readinessProbe:
  httpGet: { path: /health/ready, port: http }
  periodSeconds: 5
startupProbe:
  httpGet: { path: /health/ready, port: http }
  periodSeconds: 2
  failureThreshold: 60
{{- end -}}
{{- define "hemoapi.settings" -}}
{{- range $name, $value := .Values.settings }}
- { name: {{ $name | quote }}, value: {{ $value | quote }} }
{{- end }}
{{- end -}}
{{/* Environment of every process of the shared mode. */}}
{{- define "hemoapi.shared" -}}
- name: Storage__Postgres
  valueFrom: { secretKeyRef: { name: {{ required "postgres.secretName names the Secret with the connection string" .Values.postgres.secretName | quote }}, key: {{ .Values.postgres.secretKey | quote }} } }
- { name: Storage__Azure__Container, value: {{ .Values.azure.container | quote }} }
{{- if .Values.azure.secretName }}
- name: Storage__Azure__ConnectionString
  valueFrom: { secretKeyRef: { name: {{ .Values.azure.secretName | quote }}, key: {{ .Values.azure.secretKey | quote }} } }
{{- else }}
- { name: Storage__Azure__ServiceUri, value: {{ required "azure.serviceUri or azure.secretName says where blobs are" .Values.azure.serviceUri | quote }} }
{{- end }}
{{- if .Values.identity.secretName }}
- name: Identity__Secret
  valueFrom: { secretKeyRef: { name: {{ .Values.identity.secretName | quote }}, key: {{ .Values.identity.secretKey | quote }} } }
{{- end }}
- { name: Storage__DataFolder, value: /data }
{{- end -}}
