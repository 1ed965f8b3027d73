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
