{{/* What objects are called that belong to all destinations. */}}
{{- define "meta-actions.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Of one destination: (dict "root" $ "key" KEY). */}}
{{- define "meta-actions.destination" -}}
{{- printf "%s-%s" (include "meta-actions.fullname" .root) .key -}}
{{- end -}}

{{- define "meta-actions.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "meta-actions.labels" -}}
{{ include "meta-actions.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{/* Tells the pods of one destination from those of the others. */}}
{{- define "meta-actions.destinationSelector" -}}
{{ include "meta-actions.selector" .root }}
meta-actions/destination: {{ .key }}
{{- end -}}

{{- define "meta-actions.destinationLabels" -}}
{{ include "meta-actions.labels" .root }}
meta-actions/destination: {{ .key }}
{{- end -}}

{{- define "meta-actions.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (include "meta-actions.fullname" .) -}}
{{- end -}}

{{- define "meta-actions.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- end -}}

{{/* The settings of one destination, as YAML: those for all, and its own over them. */}}
{{- define "meta-actions.settings" -}}
{{- mergeOverwrite (deepCopy .root.Values.settings) (.destination.settings | default dict) | toYaml -}}
{{- end -}}

{{/* A number of YAML is a float: 67108864 would be 6.7108864e+07. */}}
{{- define "meta-actions.text" -}}
{{- if kindIs "float64" . }}{{ printf "%.0f" . }}{{ else }}{{ toString . }}{{ end -}}
{{- end -}}

{{- define "meta-actions.secretName" -}}
{{- dig "existingSecret" "" (.destination.secret | default dict) | default (include "meta-actions.destination" .) -}}
{{- end -}}

{{- define "meta-actions.gracePeriod" -}}
{{- $settings := include "meta-actions.settings" . | fromYaml -}}
{{- if kindIs "invalid" .root.Values.terminationGracePeriodSeconds -}}
{{- add 10 (divf $settings.SHUTDOWN_TIMEOUT_MS 1000 | ceil | int) -}}
{{- else -}}
{{- int .root.Values.terminationGracePeriodSeconds -}}
{{- end -}}
{{- end -}}
