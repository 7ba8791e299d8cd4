"""Orthanc's own clients, unchanged, against a running Filmroom: clients.py URL FOLDER. Exit status 0 when all is well.

FOLDER holds DICOM files of one patient with two studies.
"""

import io
import pathlib
import sys
import zipfile

import orthanc_api_client
import pyorthanc

url, folder = sys.argv[1], pathlib.Path(sys.argv[2])
files = sorted(folder.glob("*.dcm"))


def with_pyorthanc():
    client = pyorthanc.Orthanc(url)
    assert client.get_system()["ApiVersion"] >= 12
    for path in files:
        answer = client.post_instances(path.read_bytes())
        assert answer["Status"] in ("Success", "AlreadyStored"), answer
    patients = pyorthanc.find_patients(client, query={"PatientID": "P1"})
    assert [patient.patient_id for patient in patients] == ["P1"]
    assert len(patients[0].studies) == 2
    study = patients[0].studies[0]
    study.add_label("seen")
    assert "seen" in study.labels
    assert [found.id_ for found in pyorthanc.find_studies(client, labels=["seen"])] == [study.id_]
    study.remove_label("seen")
    instance = study.series[0].instances[0]
    assert instance.get_dicom_file_content()[128:132] == b"DICM"
    assert instance.simplified_tags["PatientID"] == "P1"
    assert instance.get_pydicom().PatientID == "P1"
    patients[0].is_protected = True
    assert patients[0].is_protected
    patients[0].is_protected = False
    assert zipfile.ZipFile(io.BytesIO(study.get_zip())).testzip() is None
    assert client.get_changes()["Changes"]


def with_orthanc_api_client():
    client = orthanc_api_client.OrthancApiClient(url)
    assert client.wait_started(10)
    assert client.upload_folder(str(folder), skip_extensions=[".json"])
    studies = client.studies.find({"PatientID": "P1"})
    assert len(studies) == 2
    study = studies[0]
    assert study.main_dicom_tags.get("StudyDate")
    client.studies.add_label(study.orthanc_id, "urgent")
    assert client.studies.get_labels(study.orthanc_id) == ["urgent"]
    assert client.studies.find({}, labels=["urgent"])[0].orthanc_id == study.orthanc_id
    client.studies.delete_label(study.orthanc_id, "urgent")
    client.studies.set_string_metadata(study.orthanc_id, metadata_name="1024", content="hello")
    assert client.studies.get_string_metadata(study.orthanc_id, metadata_name="1024") == "hello"
    client.studies.set_attachment(study.orthanc_id, attachment_name="1025", content="a report")
    assert client.studies.get_attachment(study.orthanc_id, attachment_name="1025") == b"a report"
    instances = client.studies.get_instances_ids(study.orthanc_id)
    assert client.instances.get_tags(instances[0])["PatientID"] == "P1"
    assert client.lookup("P1") or client.patients.lookup("P1")
    changes, last, done = client.get_changes(since=0, limit=2)
    assert len(changes) == 2 and last == 2 and not done
    statistics = client.get_statistics()
    assert statistics.studies_count == 2
    client.delete_all_content()
    assert client.studies.get_all_ids() == []


with_pyorthanc()
with_orthanc_api_client()
print("the clients are content")
