"""hive.py MCPS COLUMN TYPE [SEPARATOR] -- paths of a column's members as
DataHub's connectors for BigQuery (SEPARATOR " ") and Databricks (":") list a
column of that type; every path that has an edge must be among them, and each
of them must have one.
"""
import sys

from datahub.utilities import hive_schema_to_avro as hive
import mcps


def main():
    path, column, kind = sys.argv[1:4]
    if len(sys.argv) > 4:
        hive.HiveColumnToAvroConverter._STRUCT_TYPE_SEPARATOR = sys.argv[4]
    listed = {f.fieldPath
              for f in hive.get_schema_fields_for_hive_column(column, kind)}
    drawn = set()
    for mcp in mcps.read(path):
        if mcp['entityUrn'].endswith(',loader)') and \
                mcp['aspectName'] == 'dataJobInputOutput':
            for group in mcps.aspect(mcp).get('fineGrainedLineages', []):
                for urn in group['downstreams']:
                    field = urn.rpartition('),')[2][:-1]
                    if column in field:
                        drawn.add(field)
    # Loaders put the version into entities; no field of ours fills it.
    listed = {f for f in listed if not f.endswith('_schema_version')}
    for name, ours in (('not listed', drawn - listed),
                       ('no edge', listed - drawn)):
        for field in sorted(ours):
            print('%s: %s' % (name, field))
    print('%d listed, %d drawn' % (len(listed), len(drawn)))
    return 0 if drawn and drawn == listed else 1


sys.exit(main())
